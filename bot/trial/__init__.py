"""A trial of the whole assistant: fresh films whose truth is known, what is asked about them, and how it did."""
