"""The types of columns, one a file, and the one list of them: more special ones have the lower rank."""

from portico.lake.columns.address import ADDRESS, ADDRESS_SHOWN
from portico.lake.columns.ateco import ATECO
from portico.lake.columns.base import ColumnType
from portico.lake.columns.birth_date import BIRTH_DATE
from portico.lake.columns.boolean import BOOLEAN
from portico.lake.columns.boolean_letter import BOOLEAN_LETTER
from portico.lake.columns.cadastral import CADASTRAL_CODE
from portico.lake.columns.cig import CIG
from portico.lake.columns.code import CODE
from portico.lake.columns.coordinate_pair import COORDINATE_PAIR
from portico.lake.columns.cup import CUP
from portico.lake.columns.date import DATE
from portico.lake.columns.date_compact import DATE_COMPACT
from portico.lake.columns.datetime import DATETIME
from portico.lake.columns.email import EMAIL
from portico.lake.columns.fiscal_code import FISCAL_CODE
from portico.lake.columns.geojson import GEOJSON
from portico.lake.columns.iban import IBAN
from portico.lake.columns.instant import INSTANT
from portico.lake.columns.integer import INTEGER
from portico.lake.columns.istat import ISTAT_COMUNE, ISTAT_COMUNE_SHOWN, ISTAT_PROVINCIA, ISTAT_REGIONE
from portico.lake.columns.latitude import LATITUDE, LATITUDE_Y
from portico.lake.columns.longitude import LONGITUDE, LONGITUDE_X
from portico.lake.columns.money import MONEY
from portico.lake.columns.nace import NACE
from portico.lake.columns.number import NUMBER
from portico.lake.columns.nuts import NUTS, NUTS_ITALY
from portico.lake.columns.percent import PERCENT
from portico.lake.columns.person_name import FIRST_NAME, PERSON_NAME
from portico.lake.columns.phone import PHONE
from portico.lake.columns.phone_prefixed import PHONE_PREFIXED
from portico.lake.columns.postcode import POSTCODE
from portico.lake.columns.projected import EASTING, NORTHING
from portico.lake.columns.service_time import SERVICE_TIME
from portico.lake.columns.time import TIME
from portico.lake.columns.time_point import TIME_POINT
from portico.lake.columns.url import URL
from portico.lake.columns.uuid import UUID
from portico.lake.columns.vat_number import VAT_NUMBER
from portico.lake.columns.wkb import WKB
from portico.lake.columns.wkt import WKT
from portico.lake.columns.year import YEAR

__all__ = ["BY_NAME", "TYPES", "ColumnType"]

_ALL = (
    *(VAT_NUMBER, FISCAL_CODE, IBAN, UUID, CUP, URL, EMAIL),
    *(WKT, WKB, GEOJSON, COORDINATE_PAIR),
    *(ISTAT_COMUNE, ISTAT_PROVINCIA, ISTAT_REGIONE, POSTCODE, CIG, CADASTRAL_CODE, NUTS, NUTS_ITALY, ATECO, NACE),
    *(PHONE, PHONE_PREFIXED, YEAR, ISTAT_COMUNE_SHOWN, BOOLEAN_LETTER),
    *(BIRTH_DATE, DATE, DATE_COMPACT, DATETIME, INSTANT, TIME, TIME_POINT, SERVICE_TIME),
    *(LONGITUDE, LATITUDE, LONGITUDE_X, LATITUDE_Y, EASTING, NORTHING),
    *(MONEY, PERCENT, BOOLEAN, INTEGER, NUMBER, CODE),
    *(PERSON_NAME, FIRST_NAME, ADDRESS, ADDRESS_SHOWN),
)
TYPES: tuple[ColumnType, ...] = tuple(sorted(_ALL, key=lambda one: one.rank))
BY_NAME = {one.name: one for one in TYPES}
