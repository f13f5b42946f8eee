extension ReportLocale {
    package static let all = [
        american, british, german, french, spanish, brazilian, japanese, chinese,
    ]

    package static let american = ReportLocale(
        name: "en-US", decimalPoint: ".", groupSeparator: ",", dayCode: "m/d/yyyy", monthCode: "mmm yyyy",
        months: english,
        shortMonths: [
            "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
        ],
        weekdays: englishDays, shortWeekdays: ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"],
        morning: "AM", afternoon: "PM", excelLanguage: "409", words: englishWords)

    private static let british = ReportLocale(
        name: "en-GB", decimalPoint: ".", groupSeparator: ",", dayCode: "dd/mm/yyyy", monthCode: "mmm yyyy",
        months: english,
        shortMonths: [
            "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sept", "Oct", "Nov", "Dec",
        ],
        weekdays: englishDays, shortWeekdays: ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"],
        morning: "am", afternoon: "pm", excelLanguage: "809", words: englishWords)

    private static let english = [
        "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
        "December",
    ]
    private static let englishDays = [
        "Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday",
    ]
    private static let englishWords = Words(
        yes: "Yes", no: "No", total: "Total", noRows: "This report has no rows.", asOf: "As of {}",
        page: "Page {n} of {m}", noValues: "No values", continued: "(continued)", noGroup: "(none)",
        columns: "Columns {a}–{b} of {n}",
        firstRows: "The first {n} of {m} rows.", firstColumns: "The first {n} of {m} columns.",
        chartLeftOut:
            "The chart “{title}” is left out: it would have {n} points, and {m} can be drawn.")

    private static let german = ReportLocale(
        name: "de-DE", decimalPoint: ",", groupSeparator: ".", dayCode: "dd.mm.yyyy", monthCode: "mmm yyyy",
        months: [
            "Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober", "November",
            "Dezember",
        ],
        shortMonths: [
            "Jan.", "Feb.", "März", "Apr.", "Mai", "Juni", "Juli", "Aug.", "Sept.", "Okt.", "Nov.", "Dez.",
        ],
        weekdays: ["Sonntag", "Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag"],
        shortWeekdays: ["So.", "Mo.", "Di.", "Mi.", "Do.", "Fr.", "Sa."],
        morning: "AM", afternoon: "PM", excelLanguage: "407",
        words: Words(
            yes: "Ja", no: "Nein", total: "Summe", noRows: "Dieser Bericht hat keine Zeilen.", asOf: "Stand {}",
            page: "Seite {n} von {m}", noValues: "Keine Werte", continued: "(Fortsetzung)", noGroup: "(ohne)",
            columns: "Spalten {a}–{b} von {n}",
            firstRows: "Die ersten {n} von {m} Zeilen.", firstColumns: "Die ersten {n} von {m} Spalten.",
            chartLeftOut:
                "Das Diagramm „{title}“ entfällt: Es hätte {n} Punkte, und {m} lassen sich zeichnen."))

    private static let french = ReportLocale(
        name: "fr-FR", decimalPoint: ",", groupSeparator: "\u{202F}", dayCode: "dd/mm/yyyy", monthCode: "mmm yyyy",
        months: [
            "janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre",
            "novembre", "décembre",
        ],
        shortMonths: [
            "janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.", "déc.",
        ],
        weekdays: ["dimanche", "lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi"],
        shortWeekdays: ["dim.", "lun.", "mar.", "mer.", "jeu.", "ven.", "sam."],
        morning: "AM", afternoon: "PM", excelLanguage: "40C",
        words: Words(
            yes: "Oui", no: "Non", total: "Total", noRows: "Ce rapport ne contient aucune ligne.",
            asOf: "Données au {}", page: "Page {n} sur {m}", noValues: "Aucune valeur", continued: "(suite)",
            noGroup: "(sans)", columns: "Colonnes {a}–{b} sur {n}",
            firstRows: "Les {n} premières lignes sur {m}.", firstColumns: "Les {n} premières colonnes sur {m}.",
            chartLeftOut:
                "Le graphique « {title} » est omis : il aurait {n} points, et {m} peuvent être tracés."))

    private static let spanish = ReportLocale(
        name: "es-ES", decimalPoint: ",", groupSeparator: ".", dayCode: "d/m/yyyy", monthCode: "mmm yyyy",
        months: [
            "enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre",
            "noviembre", "diciembre",
        ],
        shortMonths: [
            "ene", "feb", "mar", "abr", "may", "jun", "jul", "ago", "sept", "oct", "nov", "dic",
        ],
        weekdays: ["domingo", "lunes", "martes", "miércoles", "jueves", "viernes", "sábado"],
        shortWeekdays: ["dom", "lun", "mar", "mié", "jue", "vie", "sáb"],
        morning: "a.\u{A0}m.", afternoon: "p.\u{A0}m.", excelLanguage: "C0A",
        words: Words(
            yes: "Sí", no: "No", total: "Total", noRows: "Este informe no tiene filas.", asOf: "Datos a {}",
            page: "Página {n} de {m}", noValues: "Sin valores", continued: "(continuación)", noGroup: "(ninguno)",
            columns: "Columnas {a}–{b} de {n}",
            firstRows: "Las primeras {n} de {m} filas.", firstColumns: "Las primeras {n} de {m} columnas.",
            chartLeftOut:
                "El gráfico «{title}» se omite: tendría {n} puntos y se pueden dibujar {m}."))

    private static let brazilian = ReportLocale(
        name: "pt-BR", decimalPoint: ",", groupSeparator: ".", dayCode: "dd/mm/yyyy",
        monthCode: #"mmm "de" yyyy"#,
        months: [
            "janeiro", "fevereiro", "março", "abril", "maio", "junho", "julho", "agosto", "setembro", "outubro",
            "novembro", "dezembro",
        ],
        shortMonths: [
            "jan.", "fev.", "mar.", "abr.", "mai.", "jun.", "jul.", "ago.", "set.", "out.", "nov.", "dez.",
        ],
        weekdays: [
            "domingo", "segunda-feira", "terça-feira", "quarta-feira", "quinta-feira", "sexta-feira", "sábado",
        ],
        shortWeekdays: ["dom.", "seg.", "ter.", "qua.", "qui.", "sex.", "sáb."],
        morning: "AM", afternoon: "PM", excelLanguage: "416",
        words: Words(
            yes: "Sim", no: "Não", total: "Total", noRows: "Este relatório não tem linhas.", asOf: "Dados de {}",
            page: "Página {n} de {m}", noValues: "Sem valores", continued: "(continuação)", noGroup: "(nenhum)",
            columns: "Colunas {a}–{b} de {n}",
            firstRows: "As primeiras {n} de {m} linhas.", firstColumns: "As primeiras {n} de {m} colunas.",
            chartLeftOut:
                "O gráfico “{title}” foi omitido: teria {n} pontos, e {m} podem ser desenhados."))

    private static let japanese = ReportLocale(
        name: "ja-JP", decimalPoint: ".", groupSeparator: ",", dayCode: "yyyy/mm/dd", monthCode: #"yyyy"年"m"月""#,
        months: numberedMonths, shortMonths: numberedMonths,
        weekdays: ["日曜日", "月曜日", "火曜日", "水曜日", "木曜日", "金曜日", "土曜日"],
        shortWeekdays: ["日", "月", "火", "水", "木", "金", "土"],
        morning: "午前", afternoon: "午後", excelLanguage: "411",
        words: Words(
            yes: "はい", no: "いいえ", total: "合計", noRows: "このレポートに行はありません。", asOf: "{} 時点",
            page: "{n} / {m} ページ", noValues: "値がありません", continued: "（続き）", noGroup: "（なし）", columns: "列 {a}–{b} / {n}",
            firstRows: "全 {m} 行のうち最初の {n} 行です。", firstColumns: "全 {m} 列のうち最初の {n} 列です。",
            chartLeftOut:
                "グラフ「{title}」は省略されました。点の数は {n} で、描画できるのは {m} までです。"))

    private static let chinese = ReportLocale(
        name: "zh-CN", decimalPoint: ".", groupSeparator: ",", dayCode: "yyyy/m/d", monthCode: #"yyyy"年"m"月""#,
        months: [
            "一月", "二月", "三月", "四月", "五月", "六月", "七月", "八月", "九月", "十月", "十一月", "十二月",
        ],
        shortMonths: numberedMonths,
        weekdays: ["星期日", "星期一", "星期二", "星期三", "星期四", "星期五", "星期六"],
        shortWeekdays: ["周日", "周一", "周二", "周三", "周四", "周五", "周六"],
        morning: "上午", afternoon: "下午", excelLanguage: "804",
        words: Words(
            yes: "是", no: "否", total: "合计", noRows: "此报表没有数据行。", asOf: "截至 {}", page: "第 {n} 页，共 {m} 页",
            noValues: "没有数值", continued: "（续）", noGroup: "（无）", columns: "第 {a}–{b} 列，共 {n} 列",
            firstRows: "共 {m} 行，以下为前 {n} 行。", firstColumns: "共 {m} 列，以下为前 {n} 列。",
            chartLeftOut:
                "图表“{title}”已省略：它有 {n} 个点，最多可绘制 {m} 个。"))

    private static let numberedMonths = (1...12).map { "\($0)月" }
}
