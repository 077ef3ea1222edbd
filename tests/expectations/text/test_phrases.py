"""Words written wrongly: every form is found, and none stands in what is right."""

from __future__ import annotations

import pytest

from expectations.text.phrases import find_phrases, load_phrases


@pytest.mark.parametrize("name", ["phrase", "usage"])
def test_every_wrong_form_is_found_and_no_right_one(name: str) -> None:
    phrases = load_phrases()[name].values()
    assert len(phrases) > 5
    for phrase in phrases:
        assert phrase.wrong in [found.wrong for _, found in find_phrases(name, f"；{phrase.wrong}；")]
        assert list(find_phrases(name, f"；{phrase.right}；")) == []


def test_wrong_forms_that_overlap_are_one_slip() -> None:
    found = list(find_phrases("phrase", "为了更游校的整合资源"))
    assert [(at, phrase.wrong) for at, phrase in found] == [(2, "更游校")]


@pytest.mark.parametrize(
    "text",
    [
        "战士地位的保障措施",
        "综合记录各项支出",
        "以往房屋的修缮",
        "成绩较好",
        "边缘化群体",
        "应该算作当年收入",
        "攀登计划",
        "在保证质量的前提下降低成本",
        "人材政策",
        "还原困难",
        "创建没有先例",
        "战略视域下拔尖人才",
        "系统记录",
        "新建康复中心",
        "保健设备购置",
        "新形势下厉行节约",
        "曾加入协会",
        "曾长期从事审计",
        "投资原则",
        "落实失业保险待遇",
        "防控治理并重",
        "创建全国文明城市",
        "大宗合同的签订",
        "材料技术参数",
        "形势行情分析",
        "稳健、有序的收支管理",
        "平稳、有序推进",
        "连续、健康的生活方式",
        "旅游校企合作",
        "所有校地合作项目",
    ],
)
def test_words_that_only_look_like_a_wrong_form_are_left_alone(text: str) -> None:
    assert list(find_phrases("phrase", text)) == []
