"""The record of one person on paper. Pure, over plain facts."""
