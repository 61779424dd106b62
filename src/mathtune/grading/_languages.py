"""Phrases that answers in other languages than English hold, and the one sense of each. Data only."""

from __future__ import annotations

__all__ = ["IN_OTHER_LANGUAGES"]

# Phrases as `normalise_words` leaves them, parted by commas, and their sense: "none" is the empty set.
IN_OTHER_LANGUAGES: tuple[tuple[str, str], ...] = (
    ("keine lösung, es gibt keine lösung, keine lösungen, unlösbar, leere menge, existiert nicht", "none"),
    ("pas de solution, aucune solution, il ny a pas de solution, ensemble vide, nexiste pas", "none"),
    ("sin solución, no tiene solución, no hay solución, no existe, ninguna solución", "none"),
    ("no tiene soluciones, conjunto vacío", "none"),
    ("nessuna soluzione, non esiste, non ha soluzioni, non ha soluzione, insieme vuoto", "none"),
    ("sem solução, não existe, não tem solução, nenhuma solução, não há solução", "none"),
    ("нет решений, решений нет, не существует, пустое множество, нет корней", "none"),
    ("не имеет решений, не имеет корней", "none"),
    ("不存在, 无解, 无实数解, 没有解, 没有实数解, 空集", "none"),
    ("解なし, 解はない, 解がない, 解を持たない, 存在しない, 空集合", "none"),
    ("unendlich viele lösungen, unendlich viele", "infinity"),
    ("une infinité de solutions, infinité de solutions", "infinity"),
    ("infinitas soluciones, hay infinitas soluciones, infinite soluzioni, infinitas soluções", "infinity"),
    ("бесконечно много решений, бесконечно много", "infinity"),
    ("无数解, 无穷多解, 无数个", "infinity"),
    ("sí, oui, ja, да, sim, 是", "yes"),
    ("nein, non, нет, não, 否", "no"),
    ("wahr, vrai, cest vrai, es verdad, verdadero, vero, verdadeiro, верно, 正确, 对", "true"),
    ("falsch, faux, cest faux, es falso, falso, неверно, 错误, 错, 不正确, 不对", "false"),
)
