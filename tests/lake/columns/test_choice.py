"""Which type a column is, where all values fit: the first by rank whose header and values agree."""

from __future__ import annotations

import pytest
from tests.lake.columns.reading import read

from portico.lake.columns import TYPES
from portico.lake.columns.headers import fold


def chosen(header, values):
    folded = fold(header)
    for one in TYPES:
        likely = [convention for convention in one.conventions if all(map(convention.matches, values))]
        if one.wants(folded) and any(None not in read(one, convention, values) for convention in likely):
            return one.name
    return "text"


@pytest.mark.parametrize(
    ("header", "values", "name"),
    [
        ("abitanti", ["12", "1.234", "870.952"], "integer"),
        ("abitanti", ["0", "-5", "+7"], "integer"),
        ("valore", ["12,5", "7", "1.234,56"], "number"),
        ("valore", ["12.5", "1E-05"], "number"),
        ("id", ["007", "12"], "code"),
        ("id", ['="028001"', '="028002"'], "code"),
        ("id", ["80012300123456789012"], "code"),
        ("civico", ["12", "12/A"], "text"),
        ("quota", ["12,5 %", "7%"], "percent"),
        ("importo", ["€ 1.234,56", "10,00 €", "€ -"], "money"),
        ("importo", ["€ 10,00", "$ 10,00"], "text"),
        ("accessibile", ["sì", "no", "NO"], "boolean"),
        ("accessibile", ["S", "N"], "boolean-letter"),
        ("direzione", ["S", "N"], "text"),
        ("PROVINCIA", ["NO", "NO"], "text"),
        ("sigla", ["SI", "NO"], "text"),
        ("flag", ["0", "1"], "integer"),
        ("Data", ["2024-01-31", "31/12/99", "31 gennaio 2024"], "date"),
        ("Data", ["01/13/2024", "01/02/2024"], "date"),
        ("Data", ["31/01/2024 00:00:00", "01/02/2024 0:00"], "date"),
        ("start_date", ["20240131"], "date-compact"),
        ("codice", ["20240131"], "integer"),
        ("DataNascita", ["31/01/1950"], "birth-date"),
        ("nato il", ["31/01/1950"], "birth-date"),
        ("Luogo di nascita", ["Torino"], "text"),
        ("aggiornato", ["2024-01-31 10:05", "31/01/2024 10.05"], "datetime"),
        ("aggiornato", ["2024-01-31T10:05:06Z"], "instant"),
        ("apertura", ["9:05", "23:59"], "time"),
        ("departure_time", ["23:59:00", "25:10:00"], "service-time"),
        ("anno", ["1861", "2024"], "year"),
        ("conteggio", ["1861", "2024"], "integer"),
        ("CODISTAT", ["001272", "103001"], "istat-comune"),
        ("PRO_COM_T", ["001272", "103001"], "istat-comune"),
        ("KEY_ISTAT_COMUNE", ["001001"], "istat-comune"),
        ("chiave", ["001272", "028001"], "istat-comune-shown"),
        ("chiave", ["001272", "103001"], "code"),
        ("codice_provincia", ["001", "103"], "istat-provincia"),
        ("CODICE_REGIONE", ["01", "20"], "istat-regione"),
        ("CODICE_REGIONE", ["1", "20"], "integer"),
        ("CODCATASTALE", ["A074", "L219"], "cadastral-code"),
        ("classe", ["A074", "L219"], "text"),
        ("nuts3", ["ITC11", "DE21H"], "nuts"),
        ("territorio", ["ITC11", "ITH10"], "nuts-italy"),
        ("CAP", ["10121", "00184"], "postcode"),
        ("CAPResidenza", ["10121"], "postcode"),
        ("metri", ["10121"], "integer"),
        ("Codice Ateco 2007", ["62.01.0", "J", "01.11"], "ateco"),
        ("NACE_Rev2", ["J62.01", "01.1"], "nace"),
        ("CUP ", ["J51B21002940006"], "cup"),
        ("codice", ["J51B21002940006"], "cup"),
        ("CIG", ["6430692B7F", "Z3A1B2C3D4"], "cig"),
        ("codice", ["6430692B7F", "Z3A1B2C3D4"], "text"),
        ("Codice Fiscale", ["RSSMRA80A01L219M"], "fiscal-code"),
        ("Codice Fiscale", ["RSSMRA80A01L219M", "00514490010"], "fiscal-code"),
        ("Codice Fiscale", ["80188230587", "00514490010"], "vat-number"),
        ("P.IVA", ["IT00514490010", "00514490010"], "vat-number"),
        ("protocollo", ["00514490010", "00514490011"], "code"),
        ("conto", ["IT60X0542811101000000123456", "IT60 X054 2811 1010 0000 0123 456"], "iban"),
        ("contatto", ["mario.rossi@example.org"], "e-mail"),
        ("Telefono", ["0114423010", "112"], "phone"),
        ("numero", ["0114423010"], "code"),
        ("contatto", ["+39 011 4423010", "011/4423010"], "phone-prefixed"),
        ("variazione", ["+12", "+1.234"], "integer"),
        ("sito", ["https://www.comune.torino.it", "www.example.org"], "url"),
        ("longitudine", ["7,6869", "13,588"], "longitude"),
        ("lat", ["45.0703"], "latitude"),
        ("stop_lon", ["7.6869", "8"], "longitude"),
        ("X", ["7.6869"], "longitude-x"),
        ("GeoY", ["50.782055"], "latitude-y"),
        ("GeoX", ["330941", "458058.16"], "easting"),
        ("Y_UTM", ["4991234,5"], "northing"),
        ("NORD", ["4991234"], "northing"),
        ("x", ["1", "2", "3"], "integer"),
        ("posizione", ["45.07, 7.68", "(45.07,7.68)"], "coordinate-pair"),
        ("the_geom", ["POINT (7.68 45.07)", "MULTIPOINT EMPTY"], "wkt"),
        ("the_geom", ["0101000000B81E85EB51B81E4029ED0DBE30884640"], "wkb"),
        ("geom", ['{"type": "Point", "coordinates": [7.68, 45.07]}'], "geojson"),
        ("INDIRIZZO", ["Via Roma 1", "s.n.c."], "address"),
        ("dove", ["Via Roma 1", "C.so Francia 35"], "address-shown"),
        ("Cognome", ["Rossi", "de' Medici"], "person-name"),
        ("nome", ["Mario", "Anna Maria"], "first-name"),
        ("nome", ["Mario", "Parco del Valentino"], "text"),
        ("uuid", ["3f2504e0-4f89-11d3-9a0c-0305e82c3301"], "uuid"),
        ("nota", ["x", "X"], "text"),
        ("versione", ["1.2.10", "1.10.1"], "text"),
    ],
)
def test_a_column_is_what_its_header_and_values_say(header, values, name):
    assert chosen(header, values) == name


@pytest.mark.parametrize(
    ("name", "headers"),
    [
        ("postcode", ["cap", "C.A.P.", "CAP sede legale", "Codice di avviamento postale", "zip", "postal_code"]),
        ("istat-comune", ["codice istat comune", "COD_COM", "procom", "comune_istat", "MUNICIPALITY_CODE"]),
        ("phone", ["tel", "N. telefono", "cellulare", "FAX", "recapito telefonico"]),
        ("birth-date", ["data_di_nascita", "DATANASCITA", "birthDate", "nata il", "date of birth"]),
        ("person-name", ["cognome", "Nominativo", "nome e cognome", "LAST_NAME", "fullName"]),
        ("longitude", ["lon", "LNG", "Long", "longitudine", "LONGITUDE", "lon_wgs84"]),
        ("latitude", ["lat", "LAT", "latitudine", "Latitude", "lat_wgs84"]),
        ("easting", ["est", "Easting", "X", "coord_x", "UTM_E", "GeoX"]),
        ("northing", ["nord", "Northing", "Y", "coord_y", "UTM_N", "GeoY"]),
        ("year", ["anno", "ANNO_RIF", "year", "Accounting year", "annualità"]),
        ("cig", ["CIG", "Codice CIG", "smart_cig"]),
    ],
)
def test_headers_are_known_in_their_usual_writings(name, headers):
    one = next(one for one in TYPES if one.name == name)
    assert [header for header in headers if not one.wants(fold(header))] == []


@pytest.mark.parametrize(
    ("name", "headers"),
    [
        ("postcode", ["capacità", "capitale", "handicap", "telefono"]),
        ("phone", ["hotel", "telaio", "cella", "metel"]),
        ("longitude", ["salone", "colonna", "lunghezza", "belong"]),
        ("latitude", ["latte", "platea", "formulate"]),
        ("easting", ["estate", "max", "foresta", "estensione"]),
        ("year", ["capanno", "danno", "affanno", "yearly"]),
        ("person-name", ["nome del parco", "soprannome", "denominazione", "user"]),
        ("birth-date", ["donato", "senato", "data inizio", "internato"]),
        ("istat-regione", ["registro", "regolare"]),
    ],
)
def test_headers_that_only_hold_the_letters_are_not_taken(name, headers):
    one = next(one for one in TYPES if one.name == name)
    assert [header for header in headers if one.wants(fold(header))] == []
