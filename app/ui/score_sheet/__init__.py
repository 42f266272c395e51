"""One evaluator's sheet on the screen: needs the form and the marks, and no office; any page may show it."""

from app.ui.score_sheet.sheet import FIXED, ScoreSheet

__all__ = ["FIXED", "ScoreSheet"]
