"""Protection of small counts: joint figures of several boards, and public tables. Arrays in, arrays out."""
