"""How a video becomes visible, whole: drafts, generations, rows, and the version of the index that counts."""
