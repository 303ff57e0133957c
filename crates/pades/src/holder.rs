use lopdf::{Dictionary, Document, Object, ObjectId};

use crate::Error;
use crate::update::Update;

/// A dictionary that is an object, or the form that lies within the catalog.
pub(crate) enum Holder {
    Object(ObjectId),
    FormInCatalog(ObjectId),
}

impl Holder {
    pub fn get<'a>(&self, update: &'a Update) -> Result<&'a Dictionary, Error> {
        match self {
            Holder::Object(id) => update.dictionary(*id),
            Holder::FormInCatalog(id) => Ok(update.dictionary(*id)?.get(b"AcroForm")?.as_dict()?),
        }
    }

    pub fn get_mut<'a>(&self, update: &'a mut Update) -> Result<&'a mut Dictionary, Error> {
        match self {
            Holder::Object(id) => update.dictionary_mut(*id),
            Holder::FormInCatalog(id) => {
                Ok(update.dictionary_mut(*id)?.get_mut(b"AcroForm")?.as_dict_mut()?)
            }
        }
    }
}

/// Adds to an array where it lies, in the dictionary or in an object of its own.
pub(crate) fn append(update: &mut Update, holder: &Holder, key: &[u8], item: ObjectId) -> Result<(), Error> {
    match holder.get(update)?.get(key) {
        // A reference to nothing is no array.
        Ok(&Object::Reference(id)) if resolve(update.document(), id).is_ok() => {
            let id = resolve(update.document(), id)?;
            update.object_mut(id)?.as_array_mut()?.push(item.into());
        }
        Ok(Object::Array(_)) => holder.get_mut(update)?.get_mut(key)?.as_array_mut()?.push(item.into()),
        _ => holder.get_mut(update)?.set(key, vec![Object::from(item)]),
    }
    Ok(())
}

/// The object at the end of a chain of references.
pub(crate) fn resolve(document: &Document, id: ObjectId) -> Result<ObjectId, Error> {
    let (last, _) = document.dereference(&Object::Reference(id))?;
    Ok(last.unwrap_or(id))
}
