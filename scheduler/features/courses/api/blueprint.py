"""The blueprint that the files of this folder add their routes to."""

from scheduler.web.api import api_blueprint

blueprint = api_blueprint("courses", "Sets of dates, courses and their visits")
