//! Type and macro declarations: what the names stand for, found without going in circles.

use std::collections::{HashMap, HashSet};

use super::check::Checker;
use super::check_expression::{Reader, Scope, Signature};
use super::program::CodeId;
use super::syntax::{Macro, Shape, TypeExpression};
use super::types::{ValueType, Wholes};
use crate::parse::ParseError;

impl<'a> Checker<'_, 'a> {
    pub fn types(&mut self) -> Result<(), ParseError> {
        let tree = self.tree;
        let builtin = [
            ("int", ValueType::WHOLE),
            ("bool", ValueType::Truth),
            ("address", ValueType::Address),
        ];
        self.types.extend(builtin);
        let mut declared = HashMap::new();
        for declaration in &tree.types {
            let name = declaration.name;
            if self.types.contains_key(name.text)
                || declared.insert(name.text, declaration).is_some()
            {
                return Err(
                    self.error(name.offset, format!("two types are called `{}`", name.text))
                );
            }
        }
        for declaration in &tree.types {
            // A chain of aliases, followed to a type that is known.
            let mut chain = vec![declaration];
            while let TypeExpression::Named(name) = &chain[chain.len() - 1].is
                && !self.types.contains_key(name.text)
                && let Some(next) = declared.get(name.text)
            {
                if chain.len() > declared.len() {
                    let what = format!("the type `{}` is defined by itself", declaration.name.text);
                    return Err(self.error(declaration.name.offset, what));
                }
                chain.push(next);
            }
            for declaration in chain.into_iter().rev() {
                let is = self.value_type(&declaration.is)?;
                self.types.insert(declaration.name.text, is);
            }
        }
        Ok(())
    }

    pub fn value_type(&self, is: &TypeExpression<'a>) -> Result<ValueType, ParseError> {
        Ok(match is {
            TypeExpression::Values(values) => ValueType::Whole(Wholes::of(values.clone())),
            TypeExpression::Range(first, last) => ValueType::Whole(Wholes::Range(*first, *last)),
            TypeExpression::Named(name) => match self.types.get(name.text) {
                Some(is) => is.clone(),
                None => {
                    let what = format!("no type is called `{}`", name.text);
                    return Err(self.error(name.offset, what));
                }
            },
        })
    }

    pub fn macros(&mut self) -> Result<(), ParseError> {
        let tree = self.tree;
        for (number, declared) in tree.macros.iter().enumerate() {
            let name = declared.name;
            if matches!(name.text, "alldiff" | "abs")
                || self.macro_ids.insert(name.text, number).is_some()
            {
                return Err(self.error(
                    name.offset,
                    format!("two macros are called `{}`", name.text),
                ));
            }
            let signature = self.signature(declared)?;
            self.signatures.push(signature);
        }
        // Heights need the called macros first. Until its turn comes a macro's code is out of range and nobody calls it.
        self.program.code.macros = vec![CodeId(usize::MAX); tree.macros.len()];
        for number in self.calling_order()? {
            let declared = &tree.macros[number];
            let mut scope = Scope::new(Reader::Macro);
            let parameters = declared
                .parameters
                .iter()
                .zip(&self.signatures[number].parameters);
            scope.locals = parameters
                .map(|((name, _), is)| (name.text, is.clone().surely()))
                .collect();
            let result = self.signatures[number].result.clone();
            let body = self.expect(declared.body, &result, &mut scope)?;
            self.program.code.macros[number] = body;
        }
        Ok(())
    }

    fn signature(&self, declared: &Macro<'a>) -> Result<Signature, ParseError> {
        let mut parameters = Vec::with_capacity(declared.parameters.len());
        let mut names = HashSet::new();
        for (name, is) in &declared.parameters {
            if !names.insert(name.text) {
                let what = format!("two parameters are called `{}`", name.text);
                return Err(self.error(name.offset, what));
            }
            parameters.push(self.value_type(is)?);
        }
        Ok(Signature {
            parameters,
            result: self.value_type(&declared.result)?,
        })
    }

    /// The macros, each after those that it calls.
    fn calling_order(&self) -> Result<Vec<usize>, ParseError> {
        let macros = &self.tree.macros;
        let mut callers = vec![Vec::new(); macros.len()];
        let mut waits_for = vec![0_usize; macros.len()];
        for (number, declared) in macros.iter().enumerate() {
            for expression in &self.tree.expressions[declared.first_expression..=declared.body.0] {
                if let Shape::Call(name, _) = &expression.shape
                    && let Some(called) = self.macro_ids.get(name.text)
                {
                    callers[*called].push(number);
                    waits_for[number] += 1;
                }
            }
        }
        let mut order: Vec<usize> = (0..macros.len())
            .filter(|number| waits_for[*number] == 0)
            .collect();
        let mut done = 0;
        while let Some(called) = order.get(done).copied() {
            done += 1;
            for caller in &callers[called] {
                waits_for[*caller] -= 1;
                if waits_for[*caller] == 0 {
                    order.push(*caller);
                }
            }
        }
        match waits_for.iter().position(|count| *count > 0) {
            Some(number) => {
                let name = macros[number].name;
                let what = format!(
                    "the macro `{}` calls itself, perhaps by way of others",
                    name.text
                );
                Err(self.error(name.offset, what))
            }
            None => Ok(order),
        }
    }
}
