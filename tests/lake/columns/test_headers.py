from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portico.lake.columns.headers import fold, unit_of

UNITS = {
    "Land area (in square km)": "km2",
    "superficie in metri quadrati": "m2",
    "METRI CUBI": "m3",
    "sq. km": "km2",
    "kmq": "km2",
    "superficie (mq)": "m2",
    "sup_m2": "m2",
    "SUP_MQ": "m2",
    "superficieMq": "m2",
    "Superficie m²": "m2",
    "Sup. (m.q.)": "m2",
    "importo_euro": "EUR",
    "Importo (€)": "EUR",
    "IMPORTO €": "EUR",
    "potenza kW": "kW",
    "PotenzaKW": "kW",
    "t CO2": "t",
    "emissioni tCO2": "",
    "Emissioni (t CO2eq/anno)": "t/a",
    "%": "%",
    "% occupati": "%",
    "tasso (%)": "%",
    "superficie_ha": "ha",
    "AREA (HA)": "ha",
    "Hectares": "ha",
    "ettari": "ha",
    "lunghezza km": "km",
    "Distanza km al centro": "km",
    "Shape_Leng": "",
    "mamma": "",
    "team": "",
    "ha_parcheggio": "",
    "Ha ascensore": "",
    "hanno": "",
    "comma": "",
    "tram": "",
    "euro": "EUR",
    "Classe Euro": "",
    "euro_4": "",
    "EURO 6": "",
    "zona euro": "",
    "Eur 2020": "EUR",
    "consumo_kwh": "kWh",
    "consumo (kWh/m2)": "kWh/m2",
    "EPgl kWh/m²anno": "",
    "kWh/mq anno": "kWh/m2",
    "MWh": "MWh",
    "energia MWh/anno": "MWh/a",
    "spesa in migliaia di euro": "kEUR",
    "Importo (milioni di €)": "MEUR",
    "mln €": "MEUR",
    "M€": "MEUR",
    "k€": "kEUR",
    "euro per abitante": "",
    "€/ab": "",
    "€/mq": "EUR/m2",
    "prezzo al mq": "m2",
    "euro al mq": "EUR/m2",
    "velocità (km/h)": "km/h",
    "POTENZA_minore_35_KW": "",
    "POTENZA_da_35_a_116_KW": "",
    "sup_2020_mq": "m2",
    "PM10 (µg/m³)": "ug/m3",
    "temperatura (°C)": "Cel",
    "temp °C": "Cel",
    "altezza (m)": "m",
    "altezza_m": "m",
    "altezza m": "m",
    "popolazione_m": "",
    "Maschi (M)": "",
    "Residenti M": "",
    "Site(s)": "",
    "lunghezza(m)": "m",
    "durata (min)": "min",
    "min": "",
    "max": "",
    "t": "",
    "COD_CM": "",
    "db_id": "",
    "precipitazioni mm": "mm",
    "volume (mc)": "m3",
    "provincia_mc": "",
    "perimetro in m": "m",
    "durata in giorni": "d",
    "superficie (mq o ha)": "",
    "metric tonnes CO2e": "t",
    "Direct emissions (metric tonnes CO2e) for Total": "t",
    "quota (m s.l.m.)": "m",
    "altitudine m slm": "",
    "potenza (kWp)": "kW",
    "": "",
    "Euro": "EUR",
    "$": "USD",
    "Costo in £": "GBP",
    "importo (in euro)": "EUR",
    "sup. mq.": "m2",
    "nome (comune)": "",
    "indirizzo": "",
    "kmz": "",
    "mqtt": "",
    "portata l/s": "L/s",
    "rifiuti (kg/ab.)": "",
    "peso kg": "kg",
    "peso (t)": "t",
    "percentuale": "%",
    "dati (in %)": "%",
    "valori %": "%",
    "N. (n)": "",
    "x_m": "",
    "lon_m": "",
    "Superficie totale [m^2]": "m2",
    "Totale T": "",
    "milioni di m3": "",
    "distance_km": "km",
    "totalKWh": "kWh",
    "DistanzaKm": "km",
    "h": "",
    "orario h": "",
    "altezza_h": "",
    "classe_A": "",
    "V": "",
    "e_mail": "",
    "Anno": "",
}


@pytest.mark.parametrize(("header", "unit"), UNITS.items())
def test_the_unit_of_a_header_is_found_and_none_is_made_up(header, unit):
    assert unit_of(header) == unit


@pytest.mark.parametrize(
    ("header", "folded"),
    [
        ("PRO_COM_T", "pro com t"),
        ("CAPResidenza", "cap residenza"),
        ("dataNascita", "data nascita"),
        ("GeoX", "geo x"),
        ("xCoord", "x coord"),
        ("e-mail", "e mail"),
        ("P.IVA", "p iva"),
        ("PartitaIVA", "partita iva"),
        ("EnergiaKWh", "energia kwh"),
        ("MWh", "mwh"),
        ("Quantità d'acqua", "quantita d acqua"),
        ("SUPERFICIE (m²)", "superficie m2"),
        ("  Codice\n  Fiscale ", "codice fiscale"),
        ("Straße", "strasse"),
        ("", ""),
        ("–", ""),
    ],
)
def test_headers_are_folded_to_words(header, folded):
    assert fold(header) == folded


@given(st.text())
def test_folding_leaves_words_and_single_blanks_and_can_be_repeated(header):
    folded = fold(header)
    assert re.fullmatch(r"([^\W_]+( [^\W_]+)*)?", folded) or any(not one.isalnum() for one in folded if one != " ")
    assert "  " not in folded
    assert folded == folded.strip()
    assert fold(folded) == folded


@given(st.text())
def test_whatever_the_header_a_unit_is_found_or_not(header):
    assert isinstance(unit_of(header), str)


@given(
    st.text("abcdefghijklmnopqrstuvwxyz", min_size=1, max_size=12),
    st.sampled_from(["mq", "kw", "euro", "km", "ha", "t"]),
)
def test_the_letters_of_a_unit_within_a_word_are_no_unit(letters, unit):
    if unit_of(letters + unit):
        assert letters + unit in ("smq", "kmq", "ktoe", "keuro")
