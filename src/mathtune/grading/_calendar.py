"""Times of day, durations and dates, as people write them."""

from __future__ import annotations

import re
from fractions import Fraction

from mathtune.algebra import Rational, rational

from ._number_words import NUMBER_WORDS, ordinal_number
from ._values import Items, Phrase, Quantity, Value

__all__ = ["CLOCK", "COLON", "MONTHS", "read_clock", "read_colon", "read_date", "with_year_first"]

# A time of day is a number of minutes with this unit, and with am or pm behind it where that was said.
# No unit that is read from a text begins with a blank, so a thing of this name is none: `3 colon hats`.
CLOCK = "\nclock"

# `3:30` may be a ratio, a time of day or a duration; it is kept under this unit until the other side tells.
COLON = "\ncolon"

_TIME = re.compile(
    r"(?:at )?(\d{1,2})(?:[:.](\d{2})(?::(\d{2}))?)?\s*"
    r"(?:([ap])\.?\s?m\b\.?|o'? ?clock|(?= in the ))(?: in the (\w+))?\Z",
    re.IGNORECASE,
)
_OFF_HOUR = re.compile(
    r"(?:at )?(half|quarter|a quarter|\w+)(?: minutes?)? (past|after|to|before) (\w+)"
    r"(?:\s*([ap])\.?\s?m\.?)?(?: in the (\w+))?\Z",
    re.IGNORECASE,
)
_WHOLE_HOUR = re.compile(r"(?:at )?(\w+) o'? ?clock\Z", re.IGNORECASE)
_HALVES = {"morning": "a", "afternoon": "p", "evening": "p"}
_NAMED_TIMES = {"noon": 720, "midday": 720, "midnight": 0}
_FULL_DAY = 24 * 60
_HALF_DAY = 12 * 60
_MOST_HOURS = 12
_MOST_MINUTES = 30  # from the full hour, either way


def read_clock(text: str) -> Quantity | None:
    r"""A time of day, in minutes: `3:30 p.m.`, `half past three`, `noon`.

    >>> read_clock("3:30 p.m.")
    Quantity(expression=Rational(value=Fraction(930, 1), digits=None), unit='\nclock pm')
    """
    named = _NAMED_TIMES.get(text.lower().removeprefix("12 ").removeprefix("12:00 "))
    if named is not None:
        return _time(named, "p" if named else "a")
    found = _TIME.match(text)
    if found:
        hour, minute, second = int(found[1]), int(found[2] or 0), int(found[3] or 0)
        half = (found[4] or _HALVES.get(found[5] or "", "")).lower()
        if hour > (12 if half else 24) or minute > 59 or second > 59:
            return None
        start = (hour % 12 if half else hour) * 60 + (_HALF_DAY if half == "p" else 0)
        return _time(start + minute + Fraction(second, 60), half)
    return _said_time(text)


_FIVES = (5, 10, 15, 20, 25, 30)


def _said_time(text: str) -> Quantity | None:
    whole = _WHOLE_HOUR.match(text)
    if whole:
        named_hour = NUMBER_WORDS.get(whole[1].lower(), 0)
        return _time(named_hour * 60, "") if 0 < named_hour <= _MOST_HOURS else None
    found = _OFF_HOUR.match(text)
    if not found:
        return None
    minutes = _small_number(
        {"half": "30", "quarter": "15", "a quarter": "15"}.get(found[1].lower(), found[1])
    )
    hour = _small_number(found[3])
    fives = minutes in _FIVES and not found[1].isdecimal()
    if not fives and "minute" not in text.lower():
        return None  # `2 to 3` is a ratio
    if minutes is None or hour is None or not 0 < hour <= _MOST_HOURS or minutes > _MOST_MINUTES:
        return None
    half = (found[4] or _HALVES.get(found[5] or "", "")).lower()
    start = hour % 12 * 60 + (_HALF_DAY if half == "p" else 0)
    return _time(start + (minutes if found[2].lower() in ("past", "after") else -minutes), half)


def _small_number(word: str) -> int | None:
    return int(word) if word.isdecimal() and len(word) < 3 else NUMBER_WORDS.get(word.lower())


def _time(minutes: Fraction | int, half: str) -> Quantity:
    return Quantity(Rational(Fraction(minutes) % _FULL_DAY), f"{CLOCK} {half}m" if half else CLOCK)


_COLON = re.compile(
    r"(\d{1,2})(?: ?h ?(?=\d\d\Z)|:)(\d{2})(?::(\d{2}))?(?: ?(h|hr|hrs|hours?|min|mins|minutes?))?\Z"
)


def read_colon(text: str) -> Value | None:
    """`3:30`, whose first number is over its second until it is known what the colon means; `1:30 hours`.

    >>> read_colon("1:30 hours")
    Quantity(expression=Rational(value=Fraction(3, 2), digits=None), unit='hours')
    """
    found = _COLON.match(text)
    if not found:
        return None
    first, second, third, unit = int(found[1]), int(found[2]), int(found[3] or 0), found[4]
    if unit and second < 60 and third < 60:
        return Quantity(Rational(first + Fraction(second, 60) + Fraction(third, 3600)), unit)
    if unit or second > 59 or third > 59:
        return None
    if found[3]:
        return _with_seconds(first, second, third)
    if not second:
        return Quantity(rational(first * 60), CLOCK)
    return Quantity(rational(first, second), f"{COLON} {first * 60 + second}")


def _with_seconds(hour: int, minute: int, second: int) -> Value:
    """`4:51:06`: a time in hours, minutes and seconds, a time of day, or a ratio of three."""
    minutes = 60 * hour + minute + Fraction(second, 60)
    meant: list[Value] = [Quantity(Rational(minutes / 60), "hours"), Quantity(Rational(minutes), CLOCK)]
    if hour:
        over = tuple(Quantity(rational(part, hour)) for part in (hour, minute, second))
        meant.append(Items(kind="tuple", items=over, opening=":", closing=":"))
    return Items(kind="approximation", items=tuple(meant))


_NAMES = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
]
MONTHS = {name: place for place, name in enumerate(_NAMES, 1)}
_SHORT_MONTHS = {name[:3]: name for name in _NAMES} | {"sept": "september"}
# In Spanish, French, German, Italian and Portuguese.
_LANGUAGES = (
    "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "januar februar märz april mai juni juli august september oktober november dezember",
    "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
    "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro",
)
_SHORT_MONTHS |= {
    word: name for language in _LANGUAGES for word, name in zip(language.split(), _NAMES, strict=True)
}
_BESIDE_DATES = frozenset(["the", "of", "on", "de", "del", "di", "le", "el", "il", "den", "am"])
_DAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
_SHORT_DAYS = {day[:3]: day for day in _DAYS} | {"tues": "tuesday", "thur": "thursday", "thurs": "thursday"}
_WEEKDAYS = frozenset([*_DAYS, *_SHORT_DAYS])
_OF_DATES = _WEEKDAYS.union(MONTHS, _SHORT_MONTHS)
_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})\Z")
_SLASHES = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})\Z")


def read_date(text: str) -> Phrase | None:
    """A date, its parts in one order: `March 3, 2021`, `3rd of March`, `2021-03-03`, `Friday`.

    `3/4/2021` is two dates in two countries, and none here; `3/14/2021` can only be one.

    >>> read_date("3rd March, 2021") == read_date("2021-03-03")
    True
    """
    iso, slashes = (_ISO.match(text), _SLASHES.match(text)) if text[:1].isdecimal() else (None, None)
    if iso and 0 < int(iso[2]) <= 12:
        return _date(int(iso[3]), int(iso[2]), int(iso[1]))
    if slashes:
        first, second, year = (int(part) for part in slashes.groups())
        if first == second or (second > 12 >= first):
            return _date(second, first, year)
        return _date(first, second, year) if first > 12 >= second else None
    words = text.lower().replace(",", " ").replace(".", " ").split()
    if _OF_DATES.isdisjoint(words):
        return None
    return _worded_date([word for word in words if word not in _BESIDE_DATES])


def with_year_first(text: str, problem: str) -> str:
    """A date between slashes as `2021-03-04`, where the problem says in which order its parts are asked for.

    >>> with_year_first("03/04/2021", "Give the date in MM/DD/YYYY.")
    '2021-03-04'
    """
    slashes = _SLASHES.match(text)
    if slashes is None:
        return text
    month, day = (1, 2) if "MM/DD/YYYY" in problem else (2, 1)
    return f"{slashes[3]}-{slashes[month]:0>2}-{slashes[day]:0>2}"


def _worded_date(words: list[str]) -> Phrase | None:
    weekday = ""
    if words and words[0] in _WEEKDAYS and len(words) != 2:
        weekday, words = _SHORT_DAYS.get(words[0], words[0]), words[1:]
    if not words:
        return Phrase(weekday) if weekday else None
    months = [word for word in words if _SHORT_MONTHS.get(word, word) in MONTHS]
    numbers = [word for word in words if word not in months]
    if len(months) != 1 or not 0 < len(numbers) <= 2 or months[0] == words[-1] != words[1]:
        return None
    day = ordinal_number(numbers[0]) or _small_number(numbers[0])
    year = int(numbers[1]) if len(numbers) > 1 and numbers[1].isdecimal() and len(numbers[1]) == 4 else None
    if day is None or (len(numbers) > 1 and year is None):
        return None
    return _date(day, MONTHS[_SHORT_MONTHS.get(months[0], months[0])], year)


def _date(day: int, month: int, year: int | None) -> Phrase | None:
    if not 0 < day <= 31:
        return None
    return Phrase(f"{_NAMES[month - 1]} {day}" + (f" {year}" if year else ""))
