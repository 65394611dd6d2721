use super::Session;
use super::protocol::ExportFormat;
use crate::report::{self, model::Report};

/// A report as a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Export {
    /// Its text.
    pub text: String,
    /// A name for the file.
    pub file_name: &'static str,
    /// Its media type.
    pub media_type: &'static str,
}

impl Export {
    /// A report in one of its written forms.
    pub fn of(report: &Report, format: ExportFormat) -> Self {
        let (text, file_name, media_type) = match format {
            ExportFormat::Json => (report::json(report), "layerproof-report.json", "application/json"),
            ExportFormat::Markdown => (report::markdown::render(report), "layerproof-report.md", "text/markdown"),
            ExportFormat::Html => (report::html::render(report, &report::json(report)), "layerproof-report.html", "text/html"),
            ExportFormat::Text => (report::terminal::render(report), "layerproof-report.txt", "text/plain"),
        };
        Self { text, file_name, media_type }
    }
}

impl Session {
    /// The report over everything that was read so far, in one of its written forms.
    pub fn export(&self, format: ExportFormat) -> Export {
        Export::of(&self.report(), format)
    }
}
