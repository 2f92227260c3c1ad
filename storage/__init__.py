"""The only SQL: tables, queries by feature, the outbox and the inbox. Nothing here decides, renders or calls Slack."""
