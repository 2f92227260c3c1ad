"""Key results as people write them, labelled by hand before the rules for outcome and output were written.

Labels: `output` names a deliverable or an activity and no effect; `outcome` a measured effect; `vague` an effect that
nobody could measure as written; `fine` a measured one of other kinds (kept bounds, finished standards). The positives
of the measure are the outputs. Every third line is held out: the rules were never tuned on it.

A line is label, title, and where it says more than an increase: what it is measured in, or its kind.
"""

from dataclasses import dataclass

_LINES = """
output | Launch the integration between CRM and Analytics | binary
outcome | Increase cross-product usage by 30 % | %
vague | Improve customer satisfaction
output | Ship the new onboarding wizard | binary
outcome | Average onboarding time across the suite | days
fine | Keep monthly churn at or below 2 % | keep_below
output | Build a shared data platform | milestone
outcome | Trial-to-paid conversion from 8 % to 12 % | %
output | Release version 3.0 of the mobile app | binary
outcome | Reduce time to first value from 14 to 5 days | days
vague | Be the best in class for support
output | Migrate 40 customers to the new billing system | customers
outcome | Net revenue retention of mature accounts | %
output | Create a partner programme | binary
fine | Checkout error rate stays under 0.5 % | keep_below
output | Publish ten case studies | case studies
outcome | Accounts that use three or more products | accounts
vague | Make the product more intuitive
output | Implement single sign-on for all products | binary
outcome | Support tickets per hundred accounts | tickets
output | Roll out the design system to five teams | teams
outcome | Share of invoices paid without a reminder | %
output | Complete the security audit | binary
outcome | Cut cloud cost per transaction by a quarter | %
output | Hire six engineers | engineers
outcome | Median response time of search below one second | ms
vague | Strengthen collaboration between the lines
output | Deliver the API gateway | binary
outcome | Grow weekly active teams from 1,200 to 2,000 | teams
fine | Availability of the payment service at least 99.95 % | keep_above
output | Write the migration guide | binary
outcome | Win rate against the two main competitors | %
output | Run four alignment workshops | workshops
outcome | NPS of enterprise administrators | points
output | Develop a pricing calculator for partners | binary
outcome | Gross margin of the desktop line | %
vague | Increase brand awareness
output | Set up a customer advisory board | binary
outcome | Half of new accounts come by a referral | %
output | Deploy the fraud model to production | binary
outcome | Chargebacks per thousand payments | chargebacks
output | Integrate Payments with the ledger | binary
outcome | Lower the share of failed logins from 4 % to 1 % | %
fine | Data older than 30 days is deleted in time for at least 98 % of requests | keep_above
output | Redesign the settings page | binary
outcome | Customers who renew early | customers
output | Introduce a weekly product newsletter | binary
outcome | Readers who click through to the product | %
vague | Delight our users
output | Train all support agents on the new tool | %
outcome | First-contact resolution rises from 61 % to 75 % | %
output | Document the public API | %
outcome | Developers who make their first call within an hour | %
output | Finalise the contract with the logistics partner | binary
outcome | On-time deliveries | %
output | Launch in three new countries | countries
outcome | Revenue from the countries opened this year | $M
output | Set up monitoring for all services | services
outcome | Mean time to recovery | minutes
vague | Operational excellence in finance
output | Features shipped | features
outcome | Share of features used by a tenth of accounts after a month | %
output | Number of customer interviews held | interviews
outcome | Ideas from interviews that change the roadmap decision rate from 10 % to 30 % | %
output | Roadmap for 2027 approved | binary
outcome | Monthly recurring revenue | $M
fine | Employee engagement score between 7.5 and 8.5 | keep_between
output | Refactor the permission service | binary
outcome | Incidents caused by permissions per month | incidents
output | Open a second data centre | binary
outcome | Page load time in Asia from 4.1 s to 1.8 s | s
vague | Drive innovation across the portfolio
output | Prepare and hold the user conference | binary
outcome | Pipeline that comes from the user conference | $M
output | Blog posts published | posts
outcome | Organic sign-ups per week | sign-ups
output | Move all repositories to the new build system | repositories
outcome | Build time at the ninetieth percentile | minutes
output | Add dark mode to all three apps | apps
outcome | Daily sessions per active user | sessions
vague | Better quality of releases
output | Conduct 20 usability tests | tests
outcome | Tasks that testers finish without help | %
output | Sign five new resellers | resellers
outcome | Revenue through resellers | $M
fine | Defects that escape to customers stay at most 3 a month | keep_below
output | Retire the legacy reporting tool | binary
outcome | Reports that are opened at least once a month | %
output | Establish a data governance board | binary
outcome | Records with a valid owner | %
output | Draft the accessibility guidelines | binary
outcome | Pages that pass the accessibility check | %
vague | Become more data-driven
output | Launch the mobile app so that it is available in both stores | binary
outcome | Launch of mobile payments lifts repeat purchases from 21 % to 30 % | %
output | Create dashboards for every team | dashboards
outcome | Decisions that cite a dashboard | %
output | Upgrade the database to version 16 | binary
outcome | Queries that time out per day | queries
output | Enable multi-currency in Billing | binary
outcome | Share of revenue invoiced in local currency | %
fine | Gross retention of the mature line at least 92 % | keep_above
output | Test and launch the referral programme | binary
outcome | Customers who bring another one | %
output | Agree a service level with every co-owner | agreements
outcome | Blockers that are resolved within five days | %
output | Build five connectors | connectors
outcome | Accounts with at least one connector live after 30 days | %
vague | Scale the business sustainably
output | Produce a demo environment for sales | binary
outcome | Shorten the sales cycle from 95 to 70 days | days
output | Send the quarterly survey to all customers | binary
outcome | Customers who answer "very likely" to stay | %
output | Replace the search engine | binary
outcome | Searches that end in a click | %
output | Automate the monthly close | binary
outcome | Days to close the books | days
output | Onboard 12 pilot customers | customers
outcome | Pilot customers who go live within three weeks | %
vague | Simplify our processes
output | Set OKRs for every team | teams
outcome | Objectives that contribute to one above them | %
output | Organise a hackathon | binary
outcome | Employees who would recommend us as a place to work | %
fine | Cash runway of at least 18 months | keep_above
output | Translate the app into Polish and Czech | languages
outcome | Active users in Poland | users
output | Extend the contract tests to all services | services
outcome | Failed deployments per hundred | %
output | Get the ISO 27001 project started | binary
outcome | Audit findings that are still open after 30 days | findings
"""


@dataclass(frozen=True)
class Labelled:
    """One labelled key result. `kind` and `measured_in` as the form has them."""

    label: str
    title: str
    kind: str
    measured_in: str
    held_out: bool


_KINDS = frozenset({"binary", "milestone", "keep_below", "keep_above", "keep_between"})


def _labelled(number: int, line: str) -> Labelled:
    label, title, *rest = (part.strip() for part in line.split("|"))
    said = rest[0] if rest else ""
    kind = said if said in _KINDS else "increase"
    return Labelled(label, title, kind, "" if said in _KINDS else said, held_out=number % 3 == 2)


LABELLED = tuple(_labelled(number, line) for number, line in enumerate(_LINES.strip().splitlines()))
