"""Who brings facts to models, models to views, and wishes of views to the graph."""
