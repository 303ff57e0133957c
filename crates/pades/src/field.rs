use lopdf::{Dictionary, Document, Object, ObjectId, dictionary, text_string};

use crate::document::{self, PageBox, catalog_id};
use crate::fields::Fields;
use crate::holder::{Holder, append, resolve};
use crate::update::Update;
use crate::{Error, Place, Rect};

/// Where a signature will stand, decided before anything is changed.
pub(crate) struct Target {
    /// `[left, bottom, right, top]` in user space; empty when the field is invisible.
    pub rect: [f32; 4],
    /// Of the page, clockwise.
    pub rotation: i64,
    /// What the field locks, for the signature's `/Reference`.
    pub lock: Option<Dictionary>,
    kind: Kind,
}

enum Kind {
    New { name: String, page: ObjectId },
    Existing { field: ObjectId, widget: ObjectId },
}

impl Target {
    /// `seen`: something is to be drawn there.
    pub fn find(document: &Document, place: &Place, seen: bool) -> Result<Target, Error> {
        let fields = Fields::of(document);
        match place {
            Place::New { field, page, rect } => {
                if field.is_empty() || field.contains('.') {
                    return Err(Error::FieldName(field.clone()));
                }
                if fields.names.contains(field) {
                    return Err(Error::FieldExists(field.clone()));
                }
                let id = document.page_iter().nth(*page as usize);
                let id = id.ok_or_else(|| Error::Place(format!("there is no page {page}")))?;
                let page = PageBox::of(document, id)?;
                let kind = Kind::New { name: field.clone(), page: id };
                let rect = if *rect == Rect::NONE && !seen { [0.0; 4] } else { page.user_space(*rect)? };
                Ok(Target { rect, rotation: page.rotation, lock: None, kind })
            }
            Place::Existing { field: name } => {
                let field = fields.signatures.iter().find(|field| field.name == *name);
                let field = field.ok_or_else(|| Error::FieldMissing(name.clone()))?;
                if field.value.is_some() {
                    return Err(Error::FieldSigned(name.clone()));
                }
                // Seed values that a signer must follow (bits of /Ff), or permissions to set for the whole file.
                let seed = document::dictionary(document, field.dictionary, b"SV");
                let lock = document::dictionary(document, field.dictionary, b"Lock").cloned();
                if seed.is_some_and(|seed| seed.get(b"Ff").and_then(Object::as_i64).unwrap_or(0) != 0)
                    || lock.as_ref().is_some_and(|lock| lock.has(b"P"))
                {
                    return Err(Error::FieldConstrained(name.clone()));
                }
                let widget = document.get_dictionary(field.widget)?;
                let rect = widget.get_deref(b"Rect", document).ok();
                let rect = rect.and_then(|rect| document::corners(document, rect)).unwrap_or_default();
                let page = page_of(document, field.widget, widget);
                let rotation =
                    page.map_or(Ok(0), |page| PageBox::of(document, page).map(|page| page.rotation))?;
                let kind = Kind::Existing { field: field.id, widget: field.widget };
                Ok(Target { rect, rotation, lock, kind })
            }
        }
    }

    /// Points the field at the signature and its appearance, making the field first if it is new.
    pub fn place(
        &self,
        update: &mut Update,
        signature: ObjectId,
        appearance: Option<ObjectId>,
    ) -> Result<(), Error> {
        let appearance = appearance.map(|id| dictionary! { "N" => id });
        let form = form(update)?;
        match &self.kind {
            Kind::Existing { field, widget } => {
                update.dictionary_mut(*field)?.set("V", signature);
                if let Some(appearance) = appearance {
                    update.dictionary_mut(*widget)?.set("AP", appearance);
                }
            }
            Kind::New { name, page } => {
                let mut widget = dictionary! {
                    "Type" => "Annot", "Subtype" => "Widget", "FT" => "Sig", "T" => text_string(name),
                    // Printed, and not to be moved.
                    "F" => 132, "Rect" => self.rect.map(Object::from).to_vec(), "P" => *page, "V" => signature,
                };
                if let Some(appearance) = appearance {
                    widget.set("AP", appearance);
                }
                let widget = update.add(widget);
                append(update, &Holder::Object(*page), b"Annots", widget)?;
                append(update, &form, b"Fields", widget)?;
            }
        }
        mark_signed(update, &form)
    }
}

fn page_of(document: &Document, id: ObjectId, widget: &Dictionary) -> Option<ObjectId> {
    let holds = |page: &ObjectId| {
        let annotations = document.get_dictionary(*page).and_then(|page| page.get_deref(b"Annots", document));
        let annotations = annotations.and_then(Object::as_array);
        annotations.is_ok_and(|annotations| {
            annotations.iter().any(|item| item.as_reference().is_ok_and(|other| other == id))
        })
    };
    document.page_iter().find(holds).or_else(|| widget.get(b"P").and_then(Object::as_reference).ok())
}

/// The form, an empty one when there is none.
fn form(update: &mut Update) -> Result<Holder, Error> {
    let catalog = catalog_id(update.document())?;
    match update.dictionary(catalog)?.get(b"AcroForm") {
        Ok(Object::Reference(id)) => Ok(Holder::Object(resolve(update.document(), *id)?)),
        Ok(Object::Dictionary(_)) => Ok(Holder::FormInCatalog(catalog)),
        _ => {
            let form = update.add(Dictionary::new());
            update.dictionary_mut(catalog)?.set("AcroForm", form);
            Ok(Holder::Object(form))
        }
    }
}

/// `/SigFlags`: there are signatures, and the file is to be extended only.
fn mark_signed(update: &mut Update, form: &Holder) -> Result<(), Error> {
    let flags = form.get(update)?.get(b"SigFlags").and_then(Object::as_i64).unwrap_or(0);
    if flags & 3 != 3 {
        form.get_mut(update)?.set("SigFlags", flags | 3);
    }
    Ok(())
}
