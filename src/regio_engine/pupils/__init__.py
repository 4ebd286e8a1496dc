"""Pupils, intake and exam candidates: expected values, draws and how good earlier forecasts were."""
