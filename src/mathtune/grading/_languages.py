"""Phrases that answers in other languages than English hold, and the sense of each. Data only."""

from __future__ import annotations

__all__ = ["ELSE", "IN_OTHER_LANGUAGES", "OF_CONDITIONS"]

# Phrases as `normalise_words` leaves them, parted by commas, and their sense: "none" is the empty set, and
# what is no number stands for itself.
IN_OTHER_LANGUAGES: tuple[tuple[str, str], ...] = (
    ("keine lösung, es gibt keine lösung, keine lösungen, unlösbar, leere menge, existiert nicht", "none"),
    ("pas de solution, aucune solution, il ny a pas de solution, ensemble vide, nexiste pas", "none"),
    ("sin solución, no tiene solución, no hay solución, no existe, ninguna solución", "none"),
    ("no tiene soluciones, conjunto vacío", "none"),
    ("nessuna soluzione, non esiste, non ha soluzioni, non ha soluzione, insieme vuoto", "none"),
    ("sem solução, não existe, não tem solução, nenhuma solução, não há solução", "none"),
    ("нет решений, решений нет, не существует, пустое множество, нет корней", "none"),
    ("не имеет решений, не имеет корней, нет решения, нет действительных корней", "none"),
    ("keine reelle lösung, keine reellen lösungen, lösungsmenge ist leer", "none"),
    ("pas de solution réelle, pas de solutions réelles, aucune solution réelle", "none"),
    ("aucune racine réelle, pas de racine réelle, pas de racines réelles", "none"),
    ("no tiene solución real, no tiene soluciones reales, ninguna solución real, sin solución real", "none"),
    ("no tiene raíces reales, no hay soluciones, sin soluciones, sin soluciones reales", "none"),
    ("não tem solução real, não tem soluções reais, não há soluções, nenhuma solução real", "none"),
    ("non ha soluzioni reali, non ha soluzione reale, nessuna soluzione reale", "none"),
    ("non ci sono soluzioni", "none"),
    ("не имеет действительных корней, не имеет действительных решений", "none"),
    ("不存在, 无解, 无实数解, 没有解, 没有实数解, 空集", "none"),
    ("无实根, 没有实根, 没有实数根, 无实数根, 原方程无解, 方程无解", "none"),
    ("解なし, 解はない, 解がない, 解を持たない, 存在しない, 空集合", "none"),
    ("unendlich viele lösungen, unendlich viele", "infinity"),
    ("une infinité de solutions, infinité de solutions", "infinity"),
    ("infinitas soluciones, hay infinitas soluciones, infinite soluzioni, infinitas soluções", "infinity"),
    ("бесконечно много решений, бесконечно много", "infinity"),
    ("无数解, 无穷多解, 无数个", "infinity"),
    ("sí, oui, ja, да, sim, 是, はい, 예, 네", "yes"),
    ("nein, non, нет, não, 否, いいえ, 아니오, 아니요", "no"),
    ("wahr, vrai, cest vrai, es verdad, verdadero, vero, verdadeiro, верно, 正确, 对", "true"),
    ("是正确的, 正しい, 참", "true"),
    ("falsch, faux, cest faux, es falso, falso, неверно, 错误, 错, 不正确, 不对, 是错误的, 거짓", "false"),
    ("montag, lundi, lunes, lunedì, понедельник, segunda-feira, 星期一, 周一, 月曜日, 월요일", "monday"),
    ("dienstag, mardi, martes, martedì, вторник, terça-feira, 星期二, 周二, 火曜日, 화요일", "tuesday"),
    ("mittwoch, mercredi, miércoles, mercoledì, среда, quarta-feira, 星期三, 周三, 水曜日", "wednesday"),
    ("donnerstag, jeudi, jueves, giovedì, четверг, quinta-feira, 星期四, 周四, 木曜日", "thursday"),
    ("freitag, vendredi, viernes, venerdì, пятница, sexta-feira, 星期五, 周五, 金曜日", "friday"),
    ("samstag, sonnabend, samedi, sábado, sabato, суббота, 星期六, 周六, 土曜日, 토요일", "saturday"),
    ("sonntag, dimanche, domingo, domenica, воскресенье, 星期日, 星期天, 周日, 日曜日", "sunday"),
    # Numbers, but for those that are English words, too: "once" is not eleven, nor "cent" a hundred.
    ("eins, uno", "1"),
    ("zwei, deux, dos", "2"),
    ("drei, trois, tres", "3"),
    ("vier, quatre, cuatro", "4"),
    ("fünf, cinq, cinco", "5"),
    ("sechs, seis", "6"),
    ("sieben, siete", "7"),
    ("acht, huit, ocho", "8"),
    ("neun, neuf, nueve", "9"),
    ("zehn, dix, diez", "10"),
    ("onze", "11"),
    ("zwölf, douze, doce", "12"),
    ("dreizehn, treize, trece", "13"),
    ("vierzehn, quatorze, catorce", "14"),
    ("fünfzehn, quinze", "15"),
    ("sechzehn, dieciséis", "16"),
    ("siebzehn, dix-sept, diecisiete", "17"),
    ("achtzehn, dix-huit, dieciocho", "18"),
    ("neunzehn, dix-neuf, diecinueve", "19"),
    ("zwanzig, vingt, veinte", "20"),
    ("hundert, einhundert, cien", "100"),
    ("ein halb, einhalb, un demi, la moitié, la mitad, un medio", "1/2"),
    ("ein drittel, un tiers, un tercio", "1/3"),
    ("zwei drittel, deux tiers, dos tercios", "2/3"),
    ("ein viertel, un quart, un cuarto", "1/4"),
    ("drei viertel, trois quarts, tres cuartos", "3/4"),
)

# The words of conditions, and the English ones: "2 si n es par, 3 en otro caso".
OF_CONDITIONS: dict[str, str] = {
    word: english
    for words, english in (
        ("wenn falls si se quand lorsque cuando quando если при", "if"),
        ("sonst ansonsten sinon altrimenti иначе", "otherwise"),
        ("für", "for"),
        ("gerade gerades gerader pair paire par pares pari чётное четное чётно четно", "even"),
        ("ungerade ungerades ungerader impair impaire impar impares ímpar dispari нечётное нечетное", "odd"),
        ("ist est es é è", "is"),
        ("und et и", "and"),
        ("positiv positif positivo", "positive"),
        ("negativ négatif negativo", "negative"),
    )
    for word in words.split()
}
# Phrases among them.
ELSE = ("de lo contrario", "en otro caso", "en caso contrario", "caso contrário", "in allen anderen fällen")
