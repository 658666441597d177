"""The assistant in Slack: what people say there goes to the dialogue, and its events come back as posts."""
