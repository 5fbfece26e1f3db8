"""The real files that hold examples, and what their import comes to: the figures of the data's own list."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class RealFile:
    """A file: rows read, rows refused, good rows of an earlier one's content, and what a person has to say about it.

    ``mapping``: where columns go that no name gives away; ``encoding``: where the bytes allow more than one.
    """

    path: str
    read: int
    refused: int = 0
    repeated: int = 0
    encoding: str = ""
    mapping: dict[str, str] = field(default_factory=dict)


EVERY_FILE = (
    RealFile("chat/llamafactory_alpaca_en_demo.json", 999, repeated=14),
    RealFile("chat/llamafactory_alpaca_zh_demo.json", 1000, repeated=8),
    RealFile("chat/llamafactory_dpo_zh_demo.json", 300, repeated=11),
    RealFile("chat/llamafactory_glaive_toolcall_en_demo.json", 300, repeated=35),
    RealFile("chat/llamafactory_identity.json", 91),
    RealFile("chat/llamafactory_v1_dpo_demo.jsonl", 10),
    RealFile("chat/llamafactory_v1_sft_demo.jsonl", 500, repeated=1),
    RealFile("chat/mt_bench_question.jsonl", 80),
    # The askers' messages are not examples of their own: each is read with the answers below it.
    RealFile("chat/oasst_realistic_seed_data.json", 444, refused=179),
    RealFile("chat/openai_toy_chat_fine_tuning.jsonl", 5, refused=1),
    RealFile("chat/stanford_alpaca_seed_tasks.jsonl", 175),
    RealFile("hostile/enc/cdc_cp1252.csv", 100, encoding="cp1252"),
    RealFile("hostile/enc/cdc_utf16le_bom_tab.txt", 100),
    RealFile("hostile/enc/cdc_utf8_bom.csv", 100),
    RealFile("hostile/enc/huatuo_gb18030.csv", 200),
    RealFile("legal/cuad_category_descriptions.csv", 41),
    RealFile("legal/legalbench_alpaca.jsonl", 335, repeated=10),
    RealFile("legal/privacyqa_train_opp_annotations.csv", 1350, repeated=178),
    RealFile("medical/MTS-Dialog-TrainingSet.csv", 1201, repeated=1),
    RealFile("medical/MeQSum.xlsx", 1000),
    RealFile("medical/aci_bench_train.csv", 67),
    RealFile("medical/chatdoctor_format_dataset.csv", 796, mapping={"request": "disease", "answer": "Symptom"}),
    RealFile("medical/medquad_cancergov.jsonl", 729),
    RealFile("medical/medquad_cdc.jsonl", 270),
    RealFile("medical/medquad_niddk.csv", 1192, repeated=48),
    RealFile("medical/pubmedqa_pqal_dev500.json", 500),
    # The second sheet: 50 queries with ten passages each; the query stands in the first row of its ten
    # and the nine below repeat it.
    RealFile("multilingual/UzLegalQA_Annotation.xlsx", 500, repeated=9),
    RealFile("multilingual/algerian_darija_triage.csv", 859),
    RealFile("multilingual/bgb_de_statutes.json", 2377, repeated=2),
    RealFile("multilingual/huatuo_llama_med_zh.json", 8658),
    RealFile("neardup/rqe_amia2016_test302.xml", 302, repeated=7, mapping={"request": "chq", "answer": "faq"}),
    RealFile("pii/meddocan_es_dev100.jsonl", 100),
    RealFile("pii/presidio_generated_small.json", 100, repeated=4),
    RealFile("pii/presidio_synth_dataset_v2.json", 1500, repeated=108),
)
