"""From a file to moments: decoding, shots, keyframes, texts, and the job that joins them."""
