"""Sentences as people write them beside their OKRs, labelled by hand: which resource is claimed, if any.

A line is the resource ("" for none) and the sentence. Every third line is held out: the rules were not tuned on it.
"""

LINES = """
design team | Rebuild the checkout with the design team
design team | Two weeks of the design team for the new import screen
design team | The design team rebuilds the onboarding in October
 | Satisfaction with the design team
platform engineer | Migrate all tenants using the platform engineers
platform team | Three engineers from the platform team, full time
 | Onboard the platform team to the new tool
innovation budget | Trial licences are paid from the innovation budget
innovation budget | 40 % of the innovation budget
 | Keep the innovation budget under 2 % of revenue
staging cluster | Load tests run on the staging cluster every night
staging cluster | Needs the staging cluster for two weeks
 | Uptime of the staging cluster above 99.9 %
usability lab | Twelve sessions in the usability lab, booked by us
usability lab | We booked the usability lab for November
 | Customers who use the sandbox environment weekly
data science team | Churn model built by the data science team
data science team | It waits for the data science team's forecast
 | Share of sales teams that open the report weekly
legal team | Contracts reviewed by the legal team within two days
security team | The security team is reserved for our audit in December
 | Every support team answers within an hour
 | A data team of our own
 | Hire six engineers
migration squad | The migration squad moves our ten largest accounts first
migration squad | We have the migration squad until January
 | Number of squads with a roadmap
travel budget | Customer visits come out of the travel budget
 | Interviews with the support team
marketing budget | Half of the marketing budget goes into the launch
 | Travel per head below budget
mobile developer | Takes both mobile developers until the release
 | Ten mobile developers trained
agency budget | Videos financed from the agency budget
brand agency | Campaign designed by the brand agency
 | Choose a new agency
pentest contractor | Together with the pentest contractors
 | Contractors leave by June
 | Response time of the search cluster below 80 ms
analytics team | Relies on the analytics team for the weekly numbers
localisation desk | Every string goes through review, with help from the localisation desk
 | Net promoter score of the trial accounts
 | Teams that use the design system
support team | Half of the support team is needed for the migration weekend
 | Tickets per hundred accounts
load-test rig | Depends on the load-test rig
 | More accounts with a customer success team
content team | Help articles are written by the content team before launch
 | Time to first answer of the support team
event budget | The roadshow is paid out of the event budget
growth squad | Needs the growth squad for one sprint
 | Engagement of the design guild
data platform team | Blocked by the data platform team until the schema is agreed
security lab | Devices are tested in the security lab
 | Two new studios in Lisbon
research team | Three weeks of the research team in November
 | Cost of the cluster per tenant
integration environment | Waiting for the integration environment
 | Customers with a licence for three products
finance team | The finance team builds the revenue model with us
ux writer | Borrow the UX writers for the new flows
 | Attrition in the sales team below 8 %
qa team | Release candidates depend on the QA team
performance cluster | We need the performance cluster every weekend
 | The legal team is satisfied with the process
hardware lab | Takes the hardware lab for two days
 | Number of labs that order online
training budget | Certificates are funded by the training budget
 | Faster onboarding for every new team
infrastructure team | Rely on the infrastructure team for the move
 | Engineers who deploy on their first day
""".strip("\n").splitlines()


def labelled() -> list[tuple[str, str]]:
    """(resource or "", sentence), in order."""
    pairs = [line.partition("|") for line in LINES]
    return [(resource.strip(), sentence.strip()) for resource, _, sentence in pairs]
