"""Public transport by timetable: feeds read, one day as flat arrays, the fastest journeys between many points.

Read ``feeds`` (files → the timetable of a day), then ``raptor`` (minutes between points) and ``journeys`` (one of them
in words); ``checking`` says what is wrong with a feed. Times are int32 deciseconds since the start of the service day,
which is noon minus 12 hours in the time zone of the first feed; they go beyond 24 hours.
"""
