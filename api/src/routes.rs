//! The operations by the router's pattern, read from the document: templates for labels, names of parameters, allowed methods.

use std::collections::HashMap;
use std::sync::Arc;

use poem::http::Method;
use serde_json::Value;

use crate::diagnosis::{Finding, diagnose};

/// Every documented operation.
pub struct Routes {
    /// By pattern as the router writes it: `/api/tasks/:param0`.
    patterns: HashMap<String, Route>,
}

/// One path of the document.
pub struct Route {
    /// As the document writes it: `/api/tasks/{task_id}`.
    pub template: &'static str,
    operations: Vec<(Method, Operation)>,
}

/// One method of one path.
#[derive(Default)]
pub struct Operation {
    path_parameters: Vec<String>,
    places: HashMap<String, &'static str>,
    /// The schema of its JSON body.
    body: Option<Value>,
    schemas: Arc<Value>,
}

impl Routes {
    pub fn of(document: &Value) -> Self {
        let schemas = Arc::new(document["components"]["schemas"].clone());
        let paths = document["paths"].as_object().into_iter().flatten();
        let patterns = paths.map(|(template, item)| {
            let operations = item.as_object().into_iter().flatten();
            let operations = operations.filter_map(|(method, operation)| {
                let method = method.to_uppercase().parse().ok()?;
                Some((method, Operation::of(template, operation, &schemas)))
            });
            let route = Route {
                // Leaked once per path and process: metric labels want text that lives for ever.
                template: template.to_owned().leak(),
                operations: operations.collect(),
            };
            (pattern_of(template), route)
        });
        Self {
            patterns: patterns.collect(),
        }
    }

    pub fn find(&self, pattern: &str) -> Option<&Route> {
        self.patterns.get(pattern)
    }
}

impl Route {
    pub fn operation(&self, method: &Method) -> Option<&Operation> {
        self.operations
            .iter()
            .find(|(candidate, _)| candidate == method)
            .map(|(_, operation)| operation)
    }

    /// The value of an `Allow` header.
    pub fn allow(&self) -> String {
        let methods: Vec<&str> = self
            .operations
            .iter()
            .map(|(method, _)| method.as_str())
            .collect();
        methods.join(", ")
    }
}

impl Operation {
    fn of(template: &str, operation: &Value, schemas: &Arc<Value>) -> Self {
        let parameters = operation["parameters"].as_array().into_iter().flatten();
        let places = parameters.filter_map(|parameter| {
            let place = match parameter["in"].as_str()? {
                "path" => "path",
                "header" => "header",
                "cookie" => "cookie",
                _ => "query",
            };
            Some((parameter["name"].as_str()?.to_owned(), place))
        });
        Self {
            path_parameters: names_in(template).map(str::to_owned).collect(),
            places: places.collect(),
            body: operation
                .pointer("/requestBody/content/application~1json/schema")
                .cloned(),
            schemas: Arc::clone(schemas),
        }
    }

    /// Where a JSON body does not fit.
    pub fn diagnose(&self, body: &[u8]) -> Option<Finding> {
        diagnose(&self.schemas, self.body.as_ref()?, body)
    }

    pub fn path_parameter(&self, index: usize) -> Option<&str> {
        self.path_parameters.get(index).map(String::as_str)
    }

    pub fn place_of(&self, name: &str) -> Option<&'static str> {
        self.places.get(name).copied()
    }
}

fn names_in(template: &str) -> impl Iterator<Item = &str> {
    template
        .split('/')
        .filter_map(|segment| segment.strip_prefix('{')?.strip_suffix('}'))
}

/// poem-openapi hands the router numbered parameters.
fn pattern_of(template: &str) -> String {
    let mut count = 0;
    let segments = template.split('/').map(|segment| {
        if segment.starts_with('{') {
            count += 1;
            format!(":param{}", count - 1)
        } else {
            segment.to_owned()
        }
    });
    segments.collect::<Vec<_>>().join("/")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn an_operation_is_found_by_the_router_s_pattern() {
        let document = json!({ "paths": { "/api/games/{game_id}/as/{target_format}": {
            "get": { "parameters": [
                { "name": "game_id", "in": "path" },
                { "name": "limit", "in": "query" },
                { "name": "If-None-Match", "in": "header" },
            ] },
            "delete": {},
        } } });
        let routes = Routes::of(&document);
        let route = routes
            .find("/api/games/:param0/as/:param1")
            .expect("the pattern is known");
        assert_eq!(route.template, "/api/games/{game_id}/as/{target_format}");
        assert_eq!(route.allow(), "DELETE, GET");
        let operation = route.operation(&Method::GET).expect("get is documented");
        assert_eq!(operation.path_parameter(1), Some("target_format"));
        assert_eq!(operation.place_of("If-None-Match"), Some("header"));
        assert!(route.operation(&Method::POST).is_none());
    }
}
