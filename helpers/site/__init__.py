"""The course as a website, made from the executed notebooks; nothing of them is run again."""
