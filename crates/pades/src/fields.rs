use std::collections::BTreeSet;

use lopdf::{Dictionary, Document, Object, ObjectId, decode_text_string};

use crate::document::dictionary;

/// A signature field of the form that is there.
#[derive(Debug)]
pub(crate) struct SignatureField<'a> {
    /// Full name: the partial names from the root, joined by full stops.
    pub name: String,
    pub id: ObjectId,
    /// The annotation on the page: the field itself, or its first kid.
    pub widget: ObjectId,
    pub dictionary: &'a Dictionary,
    /// The signature dictionary of a signed field.
    pub value: Option<&'a Dictionary>,
}

/// Full names of all terminal fields, and the signature fields among them, in the order of the form.
#[derive(Debug, Default)]
pub(crate) struct Fields<'a> {
    pub names: BTreeSet<String>,
    pub signatures: Vec<SignatureField<'a>>,
}

impl<'a> Fields<'a> {
    pub fn of(document: &'a Document) -> Self {
        let mut fields = Fields::default();
        let mut seen = BTreeSet::new();
        let form = document.catalog().ok().and_then(|catalog| dictionary(document, catalog, b"AcroForm"));
        if let Some(form) = form {
            for id in references(document, form, b"Fields") {
                fields.walk(document, id, Inherited::default(), &mut seen, 0);
            }
        }
        fields
    }

    fn walk(
        &mut self,
        document: &'a Document,
        id: ObjectId,
        inherited: Inherited<'a>,
        seen: &mut BTreeSet<ObjectId>,
        depth: usize,
    ) {
        // Once each and not too deep: the tree may be a loop.
        if depth > 32 || !seen.insert(id) {
            return;
        }
        let Ok(field) = document.get_dictionary(id) else { return };
        let own = inherited.extended(document, field);
        let kids = references(document, field, b"Kids");
        let is_field = |kid: &ObjectId| document.get_dictionary(*kid).is_ok_and(|kid| kid.has(b"T"));
        if kids.iter().any(is_field) {
            self.names.insert(own.name.clone());
            for kid in kids {
                self.walk(document, kid, own.clone(), seen, depth + 1);
            }
            return;
        }
        self.names.insert(own.name.clone());
        if own.kind == Some(b"Sig") {
            let widget = kids.first().copied().unwrap_or(id);
            let value = own.value.and_then(|value| value.as_dict().ok());
            self.signatures.push(SignatureField { name: own.name, id, widget, dictionary: field, value });
        }
    }
}

#[derive(Clone, Default)]
struct Inherited<'a> {
    name: String,
    kind: Option<&'a [u8]>,
    value: Option<&'a Object>,
}

impl<'a> Inherited<'a> {
    fn extended(&self, document: &'a Document, field: &'a Dictionary) -> Self {
        let partial = field.get_deref(b"T", document).and_then(decode_text_string).unwrap_or_default();
        let name = match (self.name.as_str(), partial.as_str()) {
            (above, "") => above.to_owned(),
            ("", own) => own.to_owned(),
            (above, own) => format!("{above}.{own}"),
        };
        let kind = field.get_deref(b"FT", document).and_then(Object::as_name).ok().or(self.kind);
        let value = field.get_deref(b"V", document).ok().filter(|value| !value.is_null()).or(self.value);
        Inherited { name, kind, value }
    }
}

fn references(document: &Document, holder: &Dictionary, key: &[u8]) -> Vec<ObjectId> {
    let array = holder.get_deref(key, document).and_then(Object::as_array);
    array.map(|array| array.iter().filter_map(|item| item.as_reference().ok()).collect()).unwrap_or_default()
}
