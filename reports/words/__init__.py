"""Answers in sentences, titles and tables of text: the same on screen, on slides and on sheets."""
