//! Addresses inside the app, written alike on the server and in the browser.

/// A path with a query; a parameter without a value is left out.
pub fn address(path: &str, params: &[(&str, &str)]) -> String {
    let mut text = path.to_owned();
    for (key, value) in params.iter().filter(|(_, value)| !value.is_empty()) {
        text.push(if text.len() == path.len() { '?' } else { '&' });
        text.push_str(key);
        text.push('=');
        escape(value, &mut text);
    }
    text
}

fn escape(value: &str, text: &mut String) {
    const HEX: &[u8; 16] = b"0123456789ABCDEF";
    for byte in value.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            text.push(byte as char);
        } else {
            text.push('%');
            text.push(HEX[usize::from(byte >> 4)] as char);
            text.push(HEX[usize::from(byte & 15)] as char);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::address;

    #[test]
    fn values_are_escaped_and_empty_ones_left_out() {
        assert_eq!(address("/x", &[]), "/x");
        assert_eq!(address("/x", &[("q", ""), ("lead", "lea_7")]), "/x?lead=lea_7");
        assert_eq!(address("/x", &[("q", "a b&c"), ("tag", "Łódź")]), "/x?q=a%20b%26c&tag=%C5%81%C3%B3d%C5%BA");
    }
}
