"""What the product is: the rules and use cases of the alignment rhythm. No Slack and no SQL in here."""
