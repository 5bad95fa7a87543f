"""Every file of the shared data is ingested with the counts that its README states, or refused for a true reason."""

from __future__ import annotations

import pytest
from tests.shared import shared_data
from tests.tables import ENGINE

from portico.errors import InputError
from portico.lake.found import Told, Workshop
from portico.lake.ingest import examine
from portico.lake.receive import from_file

# file, rows, columns, delimiter: as the README counts them
DELIMITED = [
    ("accessibility/porto-alegre/poa_hexgrid.csv", 1_227, 7, ","),
    ("accessibility/porto-alegre/poa_points_of_interest.csv", 15, 3, ","),
    ("accessibility/porto-alegre/poa_osm_congestion.csv", 61, 3, ","),
    ("statistics/comuni_dimensioni.csv", 7_899, 4, ","),
    ("statistics/2026-08-14_situas_comuni.csv", 7_894, 21, ";"),
    ("statistics/Elenco-comuni-italiani.csv", 7_896, 26, ";"),
    ("statistics/raw_comuniSistemaUnicoTerritoriale.csv", 7_894, 6, ";"),
    ("registers/territorio.csv", 11_613, 17, ";"),
    ("registers/comuniANPR_ISTAT.csv", 7_894, 20, ","),
    ("registers/amministrazioniSito.csv", 22_167, 2, ","),
    ("registers/ateco-2007.csv", 3_143, 3, ","),
    ("registers/cities.csv", 38_503, 9, ","),
    ("catalogues/organizzazioni-info.csv", 444, 7, ","),
    ("catalogues/datasetDatiGovIt.csv", 65_713, 1, ""),
    ("energy/comuni-efficienza.csv", 1_206, 11, ","),
    ("energy/impianti-termici.csv", 1_206, 15, ";"),
    ("energy/superbonus.csv", 740, 20, ","),
    ("energy/2021_City-wide_Emissions.csv", 989, 32, ","),
    ("investment/PNRR_Progetti.csv", 5_246, 28, ";"),
    ("investment/PNRR_Localizzazione.csv", 5_246, 10, ";"),
    ("investment/PNRR_Bandi e Avvisi.csv", 245, 24, ";"),
    ("investment/OpenData_PNRR_QuadroFin_Programmazione_v04.csv", 286, 20, ";"),
    ("investment/progetti-opencup-PNRR-localizzazioni.csv", 7_814, 12, ","),
    ("sites/de3918b3af88df0eebce7fbb3f8bc36f571f59fda90470f9b1e8bee3145f8ca0.csv", 1_079, 28, ","),
    ("sites/5ed5da3ec0f3a94a214b1d119b5904625058f5834ca2c5afedaf66df2c19f4bb.csv", 128, 21, ","),
    ("sites/c7e27fdf412c73f3ab48025f1e32f6f9cacc8a55d23d4427182f3a04e42372e6.csv", 66, 31, ","),
    ("sites/45e645b8570f5dd8b7f8775e032047d98ff2b61de6ac4f14ebea3ef8c771acba.csv", 56, 21, ","),
    ("sites/083bcaab201ec76562ca96c13b687b249e16fbe9372966078d9f870e722a365b.csv", 47, 17, ","),
    ("sites/brownfield-areas.csv", 4_801, 2, ","),
    ("sites/latestURLs.csv", 334, 3, ","),
]
# file, rows, columns (the geometry column apart), coordinate system of the file
PLACES = [
    ("osm/torino/torino.geojson", 2_551, 1, "EPSG:4326"),
    ("osm/torino/turin.geojson", 3_814, 3, "EPSG:4326"),
    ("osm/torino/collegno.geojson", 292, 1, "EPSG:4326"),
    ("boundaries/limits_P_1_municipalities.geojson", 312, 15, "EPSG:4326"),
    # One comune has attributes and no shape: the README's tool leaves it out, and counts an identifier of its own.
    ("boundaries/limits_R_1_municipalities.topo.json", 1_179, 15, "EPSG:4326"),
    ("boundaries/limits_P_66_municipalities.geojson", 108, 15, "EPSG:4326"),
    ("boundaries/limits_IT_provinces.topo.json", 107, 7, "EPSG:4326"),
    ("boundaries/all_municipality_geometries.parquet", 1_180, 3, "EPSG:4326"),
    ("statistics/municipality_metadata_all.parquet", 1_180, 5, "EPSG:4326"),
]
OTHERS = [
    # The file of shapes is not among the shared data: its table is read, and that is said.
    ("boundaries/ProvCM01012026_g_WGS84.dbf", 110, 12),
    ("statistics/land_cover_all.parquet", 1_180, 7),
    ("statistics/land_cover_with_population.parquet", 599, 14),
    ("statistics/ndvi_all.parquet", 1_180, 5),
    ("statistics/kpi_annual.parquet", 16_173, 9),
    ("catalogues/index.json", 79, None),
]
# The README counts the blank last line of the shapes of Trensurb.
FEEDS = [
    (
        "gtfs/laquila/GTFS_30102022-2.zip",
        {"routes": 30, "shapes": 177_652, "stop_times": 50_194, "stops": 1_059, "trips": 1_608},
    ),
    (
        "gtfs/laquila/GTFS_24112021.zip",
        {"shapes": 16_354, "stop_times": 36_123, "trips": 1_162, "routes": 25, "stops": 985},
    ),
    (
        "gtfs/porto/metro_do_porto_gtfs.zip",
        {"routes": 7, "shapes": 346, "stop_times": 63_019, "stops": 85, "trips": 2_873},
    ),
    (
        "gtfs/porto/cp_gtfs.zip",
        {"routes": 182, "stop_times": 31_473, "stops": 454, "trips": 1_899},
    ),
    (
        "gtfs/porto-alegre/poa_eptc.zip",
        {"routes": 115, "shapes": 57_723, "stops": 3_986, "stop_times": 130_019, "trips": 2_374},
    ),
    (
        "gtfs/porto-alegre/poa_trensurb.zip",
        {"routes": 2, "shapes": 963, "stops": 24, "stop_times": 14_855, "trips": 1_248},
    ),
    (
        "gtfs/prato/bus.gtfs",
        {"routes": 23, "shapes": 101_999, "stop_times": 107_752, "stops": 1_647, "trips": 4_401},
    ),
    (
        "gtfs/torino-gtt/gtt_gtfs_20251010_partial.zip",
        {"agency": 4, "routes": 211, "stops": 7_003, "trips": 39_614},
    ),
]  # fmt: skip
STREETS = [
    ("osm/laquila/aq.pbf", 145_663, 15_510, 529),
    ("osm/porto-alegre/poa_osm.pbf", 43_264, 16_032, 23),
    ("osm/helsinki/Helsinki.osm.pbf", 24_260, 5_130, 620),
]
REFUSED = [
    ("accessibility/porto-alegre/poa_elevation.tif", "not-a-table-raster"),
    ("catalogues/catalog_dati_unibo.rdf", "not-a-table-rdf"),
    ("catalogues/dataset_it_esempio_6.rdf", "not-a-table-rdf"),
    ("catalogues/metadatiDCATAPIT_RI.rdf", "not-a-table-rdf"),
    ("catalogues/metadatiDCATAPIT_RI.jsonld", "not-a-table-rdf"),
    ("catalogues/metadatiDCATAPIT_RNDT.ttl", "not-a-table-rdf"),
    ("catalogues/licences.rdf", "not-a-table-rdf"),
    ("catalogues/data-theme-filtered.rdf", "not-a-table-rdf"),
    ("catalogues/filetypes-filtered.rdf", "not-a-table-rdf"),
    ("osm/torino/collegno.graphml", "not-a-table-graphml"),
    ("gtfs/torino-gtt/trip_update.bin", "not-a-table-realtime"),
    ("gtfs/torino-gtt/vehicle_position.bin", "not-a-table-realtime"),
    ("gtfs/torino-gtt/alerts.bin", "not-a-table-realtime"),
    ("shapes/dcat-ap-3.0.1-shapes.ttl", "not-a-table-rdf"),
    ("shapes/cpsv-ap-3.2.0-example.ttl", "not-a-table-rdf"),
]


def examined(tmp_path, name, told=None):
    path = shared_data("data", *name.split("/"))
    beside = [one for one in path.parent.iterdir() if one.stem.split(".")[0] == path.stem.split(".")[0] and one != path]
    return examine(from_file(path), Workshop(tmp_path, ENGINE, told or Told()), beside=beside)


def only(tmp_path, name):
    (one,) = examined(tmp_path, name)
    return one


@pytest.mark.parametrize(("name", "rows", "columns", "delimiter"), DELIMITED)
def test_a_table_of_text(tmp_path, name, rows, columns, delimiter):
    one = only(tmp_path, name)
    plain = [column for column in one.typed.columns if not column.is_geometry]
    assert (one.typed.rows, len(plain), one.parsed.dialect.delimiter) == (rows, columns, delimiter)


@pytest.mark.parametrize(("name", "rows", "columns", "crs"), PLACES)
def test_a_table_of_places(tmp_path, name, rows, columns, crs):
    one = only(tmp_path, name)
    plain = [column for column in one.typed.columns if not column.is_geometry]
    assert (one.typed.rows, len(plain)) == (rows, columns)
    assert [place.source_crs for place in one.places] == [crs]


@pytest.mark.parametrize(("name", "rows", "columns"), OTHERS)
def test_a_table_of_another_format(tmp_path, name, rows, columns):
    one = only(tmp_path, name)
    assert one.typed.rows == rows
    if columns:
        assert len([column for column in one.typed.columns if not column.is_geometry]) == columns


@pytest.mark.parametrize(("name", "counts"), FEEDS)
def test_a_timetable_is_a_bundle_of_tables(tmp_path, name, counts):
    found = {one.name: one.typed.rows for one in examined(tmp_path, name)}
    assert {table: found[table] for table in counts} == counts


def test_a_feed_without_stop_times_says_that_it_cannot_answer_trips(tmp_path):
    found = examined(tmp_path, "gtfs/torino-gtt/gtt_gtfs_20251010_partial.zip")
    assert any(issue.kind == "gtfs-no-trips" for one in found for issue in one.issues)


def test_a_broken_feed_is_refused_for_what_is_broken(tmp_path):
    with pytest.raises(InputError) as refused:
        examined(tmp_path, "gtfs/broken/test_broken_gtfs.zip")
    assert refused.value.message_id.startswith("gtfs-")


@pytest.mark.parametrize(("name", "nodes", "ways", "relations"), STREETS)
def test_a_street_network(tmp_path, name, nodes, ways, relations):
    found = {one.name: one for one in examined(tmp_path, name)}
    assert found["ways"].typed.rows == ways
    assert found["relations"].typed.rows == relations
    said = [issue.message.values for one in found.values() for issue in one.issues]
    assert any(nodes in values.values() for values in said)


@pytest.mark.parametrize(("name", "reason"), REFUSED)
def test_what_is_no_table_is_refused_by_its_true_name(tmp_path, name, reason):
    with pytest.raises(InputError) as refused:
        examined(tmp_path, name)
    assert refused.value.message_id == reason


# file → column → (logical type, meaning): what a data officer would look at first
TYPES = {
    "registers/territorio.csv": {
        "latitudine": ("number", ""),
        "longitudine": ("number", ""),
        "cap": ("text", "postcode"),
        "codice istat comune": ("text", "istat-comune"),
        "codice istat provincia": ("text", "istat-provincia"),
        "email": ("text", "e-mail"),
    },
    "statistics/raw_comuniSistemaUnicoTerritoriale.csv": {
        "NR.": ("integer", ""),
        "SIGLA": ("text", ""),
        "CODICE ISTAT": ("text", "istat-comune"),
        "CODICE BELFIORE": ("text", "cadastral-code"),
    },
    "investment/PNRR_Progetti.csv": {"CUP": ("text", "cup"), "FINANZ_TOTALE": ("integer", "")},
    "energy/comuni-efficienza.csv": {"KEY_ISTAT_COMUNE": ("text", "istat-comune"), "CLASSE_A": ("integer", "")},
    "statistics/comuni_dimensioni.csv": {
        "PRO_COM_T": ("text", "istat-comune"),
        "AREA_KMQ": ("number", ""),
        "POP_RES": ("integer", ""),
    },
    "registers/comuniANPR_ISTAT.csv": {"CODISTAT": ("text", "istat-comune"), "DATAISTITUZIONE": ("date", "")},
}


@pytest.mark.parametrize("name", TYPES)
def test_types_are_what_the_officer_expects(tmp_path, name):
    one = only(tmp_path, name)
    found = {column.name: (column.type.value, column.meaning) for column in one.typed.columns}
    for column, (type_, meaning) in TYPES[name].items():
        assert found[column][0] == type_
        assert not meaning or found[column][1] == meaning
