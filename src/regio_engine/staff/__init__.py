"""Staff of a region: the need (formatie) that follows from learners. What is in service and what is short come later."""
