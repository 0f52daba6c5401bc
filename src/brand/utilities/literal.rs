//! Reading an object that is written in a script, as far as it is plain data.
//!
//! Calls, references and functions are passed over. Never: a script that is run.

use std::iter::Peekable;
use std::str::Chars;

use serde_json::{Map, Value};

/// How deep objects may nest: a configuration is shallow.
const MAX_DEPTH: usize = 12;

/// The first object in `script`; what is no data in it is null.
pub(super) fn object(script: &str) -> Option<Value> {
    let start = script.find('{')?;
    Reader { left: script[start..].chars().peekable() }.value(0)
}

struct Reader<'a> {
    left: Peekable<Chars<'a>>,
}

impl Reader<'_> {
    fn value(&mut self, depth: usize) -> Option<Value> {
        self.pass_space();
        match self.left.peek()? {
            _ if depth == MAX_DEPTH => None,
            '{' => self.members(depth),
            '[' => self.items(depth),
            '"' | '\'' | '`' => self.text().map(Value::String),
            _ => {
                self.pass_expression();
                Some(Value::Null)
            }
        }
    }

    fn members(&mut self, depth: usize) -> Option<Value> {
        self.left.next();
        let mut members = Map::new();
        loop {
            self.pass_space();
            let name = match self.left.peek()? {
                // The wrong bracket ends it too: none may be left that nobody takes.
                '}' | ']' => {
                    self.left.next();
                    return Some(Value::Object(members));
                }
                ',' => {
                    self.left.next();
                    continue;
                }
                '"' | '\'' => self.text()?,
                _ => self.word(),
            };
            self.pass_space();
            if self.left.peek() == Some(&':') && !name.is_empty() {
                self.left.next();
                let value = self.value(depth + 1)?;
                members.insert(name, value);
            }
            // A method, a spread, what follows a value: none of it is data.
            self.pass_expression();
        }
    }

    fn items(&mut self, depth: usize) -> Option<Value> {
        self.left.next();
        let mut items = Vec::new();
        loop {
            self.pass_space();
            match self.left.peek()? {
                ']' | '}' => {
                    self.left.next();
                    return Some(Value::Array(items));
                }
                ',' => {
                    self.left.next();
                }
                _ => {
                    items.push(self.value(depth + 1)?);
                    self.pass_expression();
                }
            }
        }
    }

    fn word(&mut self) -> String {
        let mut word = String::new();
        while let Some(c) =
            self.left.next_if(|c| c.is_alphanumeric() || matches!(c, '_' | '$' | '-'))
        {
            word.push(c);
        }
        word
    }

    fn text(&mut self) -> Option<String> {
        let quote = self.left.next()?;
        let mut text = String::new();
        loop {
            match self.left.next()? {
                '\\' => text.extend(self.left.next()),
                c if c == quote => return Some(text),
                c => text.push(c),
            }
        }
    }

    /// Goes to the comma or bracket that ends the present member or item.
    fn pass_expression(&mut self) {
        let mut open = 0_usize;
        while let Some(c) = self.left.peek().copied() {
            match c {
                ',' | '}' | ']' if open == 0 => return,
                '"' | '\'' | '`' => {
                    self.text();
                    continue;
                }
                '(' | '[' | '{' => open += 1,
                ')' | ']' | '}' => open = open.saturating_sub(1),
                _ => {}
            }
            self.left.next();
        }
    }

    /// White space and comments.
    fn pass_space(&mut self) {
        loop {
            while self.left.next_if(|c| c.is_whitespace()).is_some() {}
            let mut ahead = self.left.clone();
            match (ahead.next(), ahead.next()) {
                (Some('/'), Some('/')) => while self.left.next_if(|c| *c != '\n').is_some() {},
                (Some('/'), Some('*')) => {
                    self.left = ahead;
                    let mut before = ' ';
                    for c in self.left.by_ref() {
                        if before == '*' && c == '/' {
                            break;
                        }
                        before = c;
                    }
                }
                _ => return,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn data_is_read_and_what_is_none_is_passed_over() {
        let script = "tailwind.config = { // the theme\n theme: { extend: { colors: {\n\
            brand: '#7b1fa2', /* a, comment */ \"deep-sea\": { DEFAULT: `#123`, 500: \"#456\" },\n\
            other: colors.teal, made: rgb(1, 2, 3), ...more }, fontFamily: { sans: ['Lora',\
            'serif'], }, }, }, plugins: [require('x'), function ({ a }) { return {b: 1} }], }; x()";
        let read = object(script).expect("an object");
        let colors = json!({
            "brand": "#7b1fa2",
            "deep-sea": {"DEFAULT": "#123", "500": "#456"},
            "other": null,
            "made": null,
        });
        assert_eq!(read["theme"]["extend"]["colors"], colors);
        assert_eq!(read["theme"]["extend"]["fontFamily"]["sans"], json!(["Lora", "serif"]));
    }

    #[test]
    fn broken_and_hostile_scripts_end() {
        assert_eq!(object("no object"), None);
        assert_eq!(object("{ a: '"), None);
        assert_eq!(object(&"{a:".repeat(100_000)), None);
        assert_eq!(object(&format!("{{{}", "/* ".repeat(10_000))), None);
        assert_eq!(object("{ ) a: 'b' }"), Some(json!({})));
        assert_eq!(object("{ ] }"), Some(json!({})));
        assert_eq!(object("{ a: [ } ]"), Some(json!({"a": []})));
    }
}
