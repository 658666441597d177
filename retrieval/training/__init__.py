"""Training: a CLIP on pictures and texts, a LLaVA on a CLIP's tower; neither knows what the pictures show."""
