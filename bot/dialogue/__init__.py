"""From an utterance to a cited answer: plan, retrieve, compose, check, save; as events."""
