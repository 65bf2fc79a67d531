"""The check-up of the controller's duties: live checks, questions, a score, and what to do next.

What the system can know it looks up itself; it asks only what it cannot know. It advises and never
blocks anything.
"""
