//! The table of opinions taken in and explained: as a document on paper that lies across, and as a sheet.

use crate::table::{Opinion, OpinionTable, Question};
use crate::words::Words;
use crate::{day, typeface};
use anyhow::{Context, Result, anyhow};
use rust_xlsxwriter::{Format, FormatAlign, FormatBorder, Workbook, Worksheet};
use serde_json::{Value, json};
use typst::foundations::{Dict, IntoValue};
use typst_as_lib::TypstEngine;

const TEMPLATE: &str = include_str!("../templates/opinions.typ");

pub fn pdf(table: &OpinionTable) -> Result<Vec<u8>> {
    let engine = TypstEngine::builder().main_file(TEMPLATE).fonts(typeface::bytes()?).build();
    let mut inputs = Dict::new();
    inputs.insert("said".into(), told(table).to_string().into_value());
    let compiled = engine.compile_with_input(inputs);
    let document: typst_layout::PagedDocument =
        compiled.output.map_err(|error| anyhow!("the template: {error}"))?;
    typst_pdf::pdf(&document, &typst_pdf::PdfOptions::default()).map_err(|errors| anyhow!("{errors:?}"))
}

/// All texts of the document, so that the template has none but those of its data.
fn told(table: &OpinionTable) -> Value {
    let words = Words::of(&table.language);
    let (year, month, day) = day::of(table.closed_at, table.zone);
    let questions = (1..).zip(&table.questions).map(|(number, question)| {
        json!({
            "head": heading(table, words, number),
            "text": question.text,
            "summary": summary(question, words),
            "rows": question.opinions.iter().map(|opinion| row(opinion, words)).collect::<Vec<_>>(),
        })
    });
    json!({
        "lang": table.language,
        "head": table.head.as_ref().map(|head| json!({
            "country": head.country, "motto": head.motto, "issuer": head.issuer,
            "place": head.place.as_ref().map(|place| dated(place, (year, month, day), &table.language)),
        })),
        "body": table.body.to_uppercase(),
        "number": format!("{} {}", words.form, table.number),
        "title": words.title,
        "about": format!("{} {}", words.about, table.subject),
        "facts": facts(table, words),
        "questions": questions.collect::<Vec<_>>(),
        "columns": [words.number, words.member, words.opinion, words.text, words.reply],
        "signer": words.head,
        "proof": format!("{} {}.", words.proof, table.form),
    })
}

fn dated(place: &str, (year, month, day): (i64, u32, u32), language: &str) -> String {
    match language {
        "en" => place.to_owned(),
        // A month below 3 and a day below 10 take a zero, so that no digit can be put before them.
        _ if month < 3 => format!("{place}, ngày {day:02} tháng {month:02} năm {year}"),
        _ => format!("{place}, ngày {day:02} tháng {month} năm {year}"),
    }
}

/// Name and value of what is said of the form as a whole.
fn facts(table: &OpinionTable, words: &Words) -> Vec<(String, String)> {
    let date = |ms| day::written(ms, table.zone, &table.language);
    let mut facts = Vec::new();
    let mut fact =
        |name: &str, value: Option<String>| facts.extend(value.map(|value| (name.to_owned(), value)));
    fact(words.agency, table.agency.clone());
    fact(words.submission, table.submission.clone());
    fact(words.sent, Some(date(table.sent_at)));
    fact(words.due, table.due.map(date));
    fact(words.closed, Some(date(table.closed_at)));
    fact(words.answered, Some(format!("{} {} {}", table.answered, words.of, table.asked)));
    fact(words.basis, Some(table.basis.clone()));
    facts
}

fn heading(table: &OpinionTable, words: &Words, number: usize) -> String {
    if table.questions.len() > 1 { format!("{} {number}", words.question) } else { words.question.to_owned() }
}

/// What was counted, and what came of it.
fn summary(question: &Question, words: &Words) -> Vec<String> {
    let mut counted: Vec<String> = question
        .counts
        .iter()
        .map(|count| format!("{}: {}", words.said(&count.choice), count.count))
        .collect();
    counted.push(format!("{}: {}", words.silent, question.silent));
    let mut result = format!("{}: {}", words.result, words.outcome(question));
    match (&question.adopted[..], question.favour) {
        ([], Some(favour)) => {
            result += &format!(". {}: {favour} ({} {})", words.favour, words.needed, question.pass_needed);
        }
        ([], None) => {}
        (adopted, _) => {
            let numbers: Vec<String> = adopted.iter().map(u32::to_string).collect();
            result += &format!(". {}: {}", words.adopted, numbers.join(", "));
        }
    }
    vec![counted.join(" · "), result]
}

fn row(opinion: &Opinion, words: &Words) -> Value {
    json!({
        "name": opinion.name, "title": opinion.title, "said": words.opinion(opinion),
        "text": opinion.text, "reply": words.reply(opinion),
    })
}

/// One sheet: the facts, then each question with a row for each member. Nothing in it is a formula.
pub fn xlsx(table: &OpinionTable) -> Result<Vec<u8>> {
    let words = Words::of(&table.language);
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    sheet.set_name(
        table.number.replace(['/', '\\', '?', '*', '[', ']', ':'], "-").chars().take(31).collect::<String>(),
    )?;
    sheet.set_landscape().set_paper_size(9).set_print_fit_to_pages(1, 0);
    for (column, width) in [6.0, 34.0, 26.0, 60.0, 60.0].into_iter().enumerate() {
        sheet.set_column_width(column as u16, width)?;
    }
    let plain = Format::new().set_font_name("Times New Roman").set_font_size(12);
    let bold = plain.clone().set_bold();
    let wrapped = plain.clone().set_text_wrap().set_align(FormatAlign::Top);
    let cell = wrapped.clone().set_border(FormatBorder::Thin);
    let head = cell.clone().set_bold().set_align(FormatAlign::Center);
    let mut at = 0;
    sheet.write_string_with_format(at, 0, words.title, &bold.clone().set_font_size(14))?;
    sheet.write_string_with_format(at + 1, 0, format!("{} {}", words.about, table.subject), &bold)?;
    sheet.write_string_with_format(at + 2, 0, format!("{} {}", words.form, table.number), &plain)?;
    at += 3;
    for (name, value) in facts(table, words) {
        sheet.write_string_with_format(at, 0, format!("{name}: {value}"), &plain)?;
        at += 1;
    }
    for (number, question) in (1..).zip(&table.questions) {
        at += 1;
        let title = format!("{}: {}", heading(table, words, number), question.text);
        sheet.write_string_with_format(at, 0, title, &bold)?;
        at += 1;
        for line in summary(question, words) {
            sheet.write_string_with_format(at, 0, line, &plain)?;
            at += 1;
        }
        let columns = [words.number, words.member, words.opinion, words.text, words.reply];
        line(sheet, at, &columns.map(str::to_owned), &head)?;
        at += 1;
        for (number, opinion) in (1..).zip(&question.opinions) {
            let cells = [
                String::new(),
                format!("{}\n{}", opinion.name, opinion.title),
                words.opinion(opinion),
                opinion.text.clone().unwrap_or_default(),
                words.reply(opinion),
            ];
            line(sheet, at, &cells, &cell)?;
            sheet.write_number_with_format(at, 0, f64::from(number), &cell)?;
            at += 1;
        }
    }
    workbook.save_to_buffer().context("the sheet")
}

fn line(sheet: &mut Worksheet, at: u32, cells: &[String], format: &Format) -> Result<()> {
    for (column, text) in cells.iter().enumerate() {
        sheet.write_string_with_format(at, column as u16, text, format)?;
    }
    Ok(())
}
