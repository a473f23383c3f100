//! A serializer that passes every text through a filter, for the redaction of recordings.
//!
//! It sits before the serializer of the format, so no text of an event can be forgotten: a field that is added later is
//! filtered too. Names of fields and variants are no texts. A few fields hold words of the program, which must stay.

use serde::Serialize;
use serde::ser::{
    SerializeMap, SerializeSeq, SerializeStruct, SerializeStructVariant, SerializeTuple, SerializeTupleStruct,
    SerializeTupleVariant, Serializer,
};

/// Types whose texts are words of the program or of the time zone database.
const OWN_TYPES: [&str; 4] = ["Capabilities", "Listed", "Theme", "TimeFormat"];

/// Fields whose texts are words of the program.
const OWN_FIELDS: [&str; 11] =
    ["key", "live", "local_zone", "mime", "option", "pending", "program", "restart", "source", "themes", "time_zone"];

/// Changes a text.
pub(super) type TextFilter<'a> = &'a dyn Fn(&str) -> String;

/// A value whose texts are filtered when it is serialized.
pub(super) struct Filtered<'a, T: ?Sized> {
    pub(super) value: &'a T,
    pub(super) filter: TextFilter<'a>,
}

impl<T: Serialize + ?Sized> Serialize for Filtered<'_, T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.value.serialize(Filter { inner: serializer, filter: Some(self.filter) })
    }
}

/// A serializer, or a part of one, and the filter before it; without a filter, texts stay.
struct Filter<'a, S> {
    inner: S,
    filter: Option<TextFilter<'a>>,
}

/// A value inside of another one.
struct Inner<'a, T: ?Sized> {
    value: &'a T,
    filter: Option<TextFilter<'a>>,
}

impl<T: Serialize + ?Sized> Serialize for Inner<'_, T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.value.serialize(Filter { inner: serializer, filter: self.filter })
    }
}

impl<'a, S> Filter<'a, S> {
    fn wrap<'v, T: ?Sized>(&self, value: &'v T) -> Inner<'v, T>
    where
        'a: 'v,
    {
        Inner { value, filter: self.filter }
    }
}

/// Forwards values that hold no text.
macro_rules! forward {
    ($($method:ident: $type:ty,)*) => {
        $(fn $method(self, value: $type) -> Result<S::Ok, S::Error> {
            self.inner.$method(value)
        })*
    };
}

impl<'a, S: Serializer> Serializer for Filter<'a, S> {
    type Ok = S::Ok;
    type Error = S::Error;
    type SerializeSeq = Filter<'a, S::SerializeSeq>;
    type SerializeTuple = Filter<'a, S::SerializeTuple>;
    type SerializeTupleStruct = Filter<'a, S::SerializeTupleStruct>;
    type SerializeTupleVariant = Filter<'a, S::SerializeTupleVariant>;
    type SerializeMap = Filter<'a, S::SerializeMap>;
    type SerializeStruct = Filter<'a, S::SerializeStruct>;
    type SerializeStructVariant = Filter<'a, S::SerializeStructVariant>;

    forward! {
        serialize_bool: bool, serialize_i8: i8, serialize_i16: i16, serialize_i32: i32, serialize_i64: i64,
        serialize_i128: i128, serialize_u8: u8, serialize_u16: u16, serialize_u32: u32, serialize_u64: u64,
        serialize_u128: u128, serialize_f32: f32, serialize_f64: f64, serialize_char: char, serialize_bytes: &[u8],
        serialize_unit_struct: &'static str,
    }

    fn serialize_str(self, text: &str) -> Result<S::Ok, S::Error> {
        match self.filter {
            Some(filter) => self.inner.serialize_str(&filter(text)),
            None => self.inner.serialize_str(text),
        }
    }

    fn serialize_none(self) -> Result<S::Ok, S::Error> {
        self.inner.serialize_none()
    }

    fn serialize_unit(self) -> Result<S::Ok, S::Error> {
        self.inner.serialize_unit()
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<S::Ok, S::Error> {
        let value = self.wrap(value);
        self.inner.serialize_some(&value)
    }

    fn serialize_unit_variant(self, name: &'static str, index: u32, variant: &'static str) -> Result<S::Ok, S::Error> {
        self.inner.serialize_unit_variant(name, index, variant)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, name: &'static str, value: &T) -> Result<S::Ok, S::Error> {
        let value = self.wrap(value);
        self.inner.serialize_newtype_struct(name, &value)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        name: &'static str,
        index: u32,
        variant: &'static str,
        value: &T,
    ) -> Result<S::Ok, S::Error> {
        let value = self.wrap(value);
        self.inner.serialize_newtype_variant(name, index, variant, &value)
    }

    fn serialize_seq(self, len: Option<usize>) -> Result<Self::SerializeSeq, S::Error> {
        let Self { inner, filter } = self;
        Ok(Filter { inner: inner.serialize_seq(len)?, filter })
    }

    fn serialize_tuple(self, len: usize) -> Result<Self::SerializeTuple, S::Error> {
        let Self { inner, filter } = self;
        Ok(Filter { inner: inner.serialize_tuple(len)?, filter })
    }

    fn serialize_tuple_struct(self, name: &'static str, len: usize) -> Result<Self::SerializeTupleStruct, S::Error> {
        let Self { inner, filter } = self;
        Ok(Filter { inner: inner.serialize_tuple_struct(name, len)?, filter })
    }

    fn serialize_tuple_variant(
        self,
        name: &'static str,
        index: u32,
        variant: &'static str,
        len: usize,
    ) -> Result<Self::SerializeTupleVariant, S::Error> {
        let Self { inner, filter } = self;
        Ok(Filter { inner: inner.serialize_tuple_variant(name, index, variant, len)?, filter })
    }

    fn serialize_map(self, len: Option<usize>) -> Result<Self::SerializeMap, S::Error> {
        let Self { inner, filter } = self;
        Ok(Filter { inner: inner.serialize_map(len)?, filter })
    }

    fn serialize_struct(self, name: &'static str, len: usize) -> Result<Self::SerializeStruct, S::Error> {
        let filter = self.filter.filter(|_| !OWN_TYPES.contains(&name));
        Ok(Filter { inner: self.inner.serialize_struct(name, len)?, filter })
    }

    fn serialize_struct_variant(
        self,
        name: &'static str,
        index: u32,
        variant: &'static str,
        len: usize,
    ) -> Result<Self::SerializeStructVariant, S::Error> {
        let Self { inner, filter } = self;
        Ok(Filter { inner: inner.serialize_struct_variant(name, index, variant, len)?, filter })
    }
}

/// Filters the elements of a sequence.
macro_rules! elements {
    ($($trait:ident::$method:ident,)*) => {
        $(impl<S: $trait> $trait for Filter<'_, S> {
            type Ok = S::Ok;
            type Error = S::Error;

            fn $method<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), S::Error> {
                let value = self.wrap(value);
                self.inner.$method(&value)
            }

            fn end(self) -> Result<S::Ok, S::Error> {
                self.inner.end()
            }
        })*
    };
}

elements! {
    SerializeSeq::serialize_element,
    SerializeTuple::serialize_element,
    SerializeTupleStruct::serialize_field,
    SerializeTupleVariant::serialize_field,
}

/// Filters the fields of a struct.
macro_rules! fields {
    ($($trait:ident,)*) => {
        $(impl<S: $trait> $trait for Filter<'_, S> {
            type Ok = S::Ok;
            type Error = S::Error;

            fn serialize_field<T: Serialize + ?Sized>(&mut self, key: &'static str, value: &T) -> Result<(), S::Error> {
                if OWN_FIELDS.contains(&key) {
                    return self.inner.serialize_field(key, value);
                }
                let value = self.wrap(value);
                self.inner.serialize_field(key, &value)
            }

            fn end(self) -> Result<S::Ok, S::Error> {
                self.inner.end()
            }
        })*
    };
}

fields! { SerializeStruct, SerializeStructVariant, }

impl<S: SerializeMap> SerializeMap for Filter<'_, S> {
    type Ok = S::Ok;
    type Error = S::Error;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), S::Error> {
        self.inner.serialize_key(key)
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), S::Error> {
        let value = self.wrap(value);
        self.inner.serialize_value(&value)
    }

    fn end(self) -> Result<S::Ok, S::Error> {
        self.inner.end()
    }
}
