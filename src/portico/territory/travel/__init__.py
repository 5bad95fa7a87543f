"""Travel from door to door, on streets and by timetable: minutes between points, the way told, what is in reach."""
