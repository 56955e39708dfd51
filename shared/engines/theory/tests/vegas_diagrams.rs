//! Vegas programs as influence diagrams: nodes, observations and tables worked out by hand.

use rookery_theory::game::{DomainValue, MaidGame, MaidKind, PlayerId};
use rookery_theory::{Game, Limits, Rational, parse, vegas};

fn diagram(text: &str) -> Result<MaidGame, String> {
    match parse("game.vg", text.as_bytes(), &Limits::default()) {
        Ok(Game::Vegas(game)) => vegas::to_maid(&game).map_err(|error| error.to_string()),
        other => panic!("not a program: {other:?}\n{text}"),
    }
}

fn of_steps(steps: &str) -> Result<MaidGame, String> {
    diagram(&format!(
        "type bit = {{0, 1}} game main() {{ join A() $ 1 B() $ 1; random N; {steps} }}"
    ))
}

fn edges(diagram: &MaidGame) -> Vec<String> {
    let name = |node: usize| diagram.nodes()[node].id.as_str();
    let mut edges: Vec<String> = (diagram.edges().iter())
        .map(|(source, target)| format!("{} -> {}", name(*source), name(*target)))
        .collect();
    edges.sort();
    edges
}

/// A table as text, row by row.
fn table(diagram: &MaidGame, id: &str) -> Vec<String> {
    let node = diagram.nodes().iter().position(|node| node.id == id);
    let table = diagram.cpds().iter().find(|table| Some(table.node) == node);
    let rows = table.expect("a table").values.iter();
    rows.map(|row| {
        row.iter()
            .map(ToString::to_string)
            .collect::<Vec<_>>()
            .join(" ")
    })
    .collect()
}

fn domain(diagram: &MaidGame, id: &str) -> Vec<String> {
    let node = diagram.nodes().iter().find(|node| node.id == id);
    let values = node
        .expect("a node")
        .domain
        .iter()
        .map(|value| match value {
            DomainValue::Number(number) => number.to_string(),
            DomainValue::Truth(truth) => truth.to_string(),
            DomainValue::Text(text) => text.clone(),
        });
    values.collect()
}

#[test]
fn prisoners_dilemma_has_two_decisions_two_utilities_and_no_observation() {
    let diagram = diagram(include_str!("../games/prisoners-dilemma.vg")).expect("a diagram");
    assert_eq!(diagram.agents(), ["Row", "Column"]);
    let kinds: Vec<MaidKind> = diagram.nodes().iter().map(|node| node.kind).collect();
    let (row, column) = (PlayerId::new(0), PlayerId::new(1));
    assert_eq!(
        kinds,
        [
            MaidKind::Decision(row),
            MaidKind::Decision(column),
            MaidKind::Utility(row),
            MaidKind::Utility(column)
        ]
    );
    assert_eq!(
        edges(&diagram),
        [
            "Column_silent -> U_Column",
            "Column_silent -> U_Row",
            "Row_silent -> U_Column",
            "Row_silent -> U_Row"
        ]
    );
    assert_eq!(diagram.cpds().len(), 2);
    assert_eq!(domain(&diagram, "Row_silent"), ["false", "true"]);
    // Net of the deposits of 3. Columns: Row talks, Row is silent; within each Column talks, Column is silent.
    assert_eq!(domain(&diagram, "U_Row"), ["-3", "-2", "0", "2"]);
    assert_eq!(
        table(&diagram, "U_Row"),
        ["0 0 1 0", "1 0 0 0", "0 0 0 1", "0 1 0 0"]
    );
    assert_eq!(
        table(&diagram, "U_Column"),
        ["0 1 0 0", "1 0 0 0", "0 0 0 1", "0 0 1 0"]
    );
}

#[test]
fn decisions_observe_what_was_shown_or_revealed_and_what_is_their_own() {
    let diagram = of_steps(
        "commit A(x: bit); yield B(y: bit); reveal A(x: bit); yield B(z: bit, w: bit); yield A(v: bit);
         withdraw { A -> A.x; B -> B.z }",
    );
    assert_eq!(
        edges(&diagram.expect("a diagram")),
        [
            "A_x -> A_v",
            "A_x -> B_w",
            "A_x -> B_z",
            "A_x -> U_A",
            "B_w -> A_v",
            "B_y -> A_v",
            "B_y -> B_w",
            "B_y -> B_z",
            "B_z -> A_v",
            "B_z -> B_w",
            "B_z -> U_B"
        ]
    );
}

#[test]
fn conditions_on_the_chosen_value_alone_narrow_the_choice() {
    let text = "commit A(x: bit); yield B(y: bit) where B.y != 0; reveal A(x: bit) where A.x == 0;
        withdraw { A -> A.x + B.y; B -> 1 }";
    let diagram = of_steps(text).expect("a diagram");
    assert_eq!(domain(&diagram, "A_x"), ["0"]);
    assert_eq!(domain(&diagram, "B_y"), ["1"]);
    assert_eq!(domain(&diagram, "U_A"), ["0"]);
}

#[test]
fn nature_draws_by_its_weights_and_conditions() {
    let diagram = of_steps(
        "yield N(x: bit ~ weighted { 1: 3, 0: 1 });
         yield A(y: bit);
         yield N(z: bit) where N.z != A.y || N.x == 1;
         withdraw N.z == 1 ? { A -> 2; B -> 0 } : { A -> 0; B -> 2 }",
    )
    .expect("a diagram");
    assert_eq!(domain(&diagram, "N_x"), ["1", "0"]);
    assert_eq!(table(&diagram, "N_x"), ["3/4", "1/4"]);
    // The condition reads A.y first, then N.x; so the columns are y = 0: x = 1, 0; y = 1: x = 1, 0.
    assert_eq!(table(&diagram, "N_z"), ["1/2 0 1/2 1", "1/2 1 1/2 0"]);
    assert_eq!(
        edges(&diagram),
        [
            "A_y -> N_z",
            "N_x -> A_y",
            "N_x -> N_z",
            "N_z -> U_A",
            "N_z -> U_B"
        ]
    );
}

#[test]
fn what_a_diagram_cannot_express_is_refused_with_the_reason() {
    let pay = "withdraw { A -> 1; B -> 1 }";
    for (steps, reason) in [
        (
            "yield A(x: bit); yield B(y: bit) where B.y != A.x;",
            "what B may choose depends on A.x, which an influence diagram cannot express",
        ),
        (
            "yield A(x: bit, y: bit) where A.x != A.y;",
            "a condition ties several values of A together, which an influence diagram cannot express",
        ),
        (
            "yield N(x: bit, y: bit) where N.x != N.y;",
            "a condition ties `N.x` to other draws, which an influence diagram cannot express",
        ),
        (
            "commit N(x: bit); reveal N(x: bit) where N.x == N.x;",
            "what N may reveal depends on a condition, which an influence diagram cannot express",
        ),
        (
            "yield A(x: bit) where A.x == 2;",
            "the condition leaves A nothing to choose",
        ),
        (
            "yield A(x: int);",
            "`A.x` is of type int, which has no bounds; give it a range",
        ),
    ] {
        let refused = of_steps(&format!("{steps} {pay}")).expect_err(steps);
        assert_eq!(refused, reason);
    }
    let steps: String = (0..20)
        .map(|step| format!("yield N(x{step}: bit); "))
        .collect();
    let sum: Vec<String> = (0..20).map(|step| format!("N.x{step}")).collect();
    let large = format!("{steps} withdraw {{ A -> {}; B -> 1 }}", sum.join(" + "));
    let reason = "the table of some value or payoff would have more than 200000 entries";
    assert_eq!(
        of_steps(&large).expect_err("two to the twentieth columns"),
        reason
    );
}

#[test]
fn utilities_are_the_payments_for_every_choice() {
    let text = "type n = {1..3} game main() { join A() $ 4 B() $ 4; yield or split A(x: n) B(y: n);
        withdraw A.x > B.y ? { A -> A.x + B.y; B -> 8 - A.x - B.y } : { A -> 1 - A.x; B -> 7 + A.x } }";
    let diagram = diagram(text).expect("a diagram");
    let node = diagram.nodes().iter().position(|node| node.id == "U_A");
    let table = diagram.cpds().iter().find(|table| Some(table.node) == node);
    let table = table.expect("a table");
    let payoffs: Vec<Rational> = (diagram.nodes()[table.node].domain.iter())
        .map(|value| match value {
            DomainValue::Number(number) => number.clone(),
            _ => panic!("a payoff is a number"),
        })
        .collect();
    for x in 1..=3_i64 {
        for y in 1..=3_i64 {
            let expected = if x > y { x + y - 4 } else { 1 - x - 4 };
            let column = ((x - 1) * 3 + y - 1) as usize;
            let row = table
                .values
                .iter()
                .position(|row| row[column] == Rational::ONE);
            let row = row.expect("one payoff is certain");
            assert_eq!(payoffs[row], Rational::from(expected), "x = {x}, y = {y}");
        }
    }
}

/// By way of the diagram and without its quitters, the dilemma is the dilemma: both talk.
#[test]
fn the_dilemma_is_converted_and_solved() {
    use rookery_theory::{Config, Control, Format, analyze, conversion, convert, examples, find};

    let mut games = examples().into_iter();
    let game = games.find(|game| game.id() == "prisoners-dilemma-vegas");
    let game = game.expect("one of the examples");
    for format in [Format::Extensive, Format::Maid, Format::Normal] {
        assert!(conversion(&game, format).possible, "{format}");
        assert_eq!(convert(&game, format).expect("possible").format(), format);
    }
    let stop = std::sync::atomic::AtomicBool::new(false);
    let info = find("MAID Nash Equilibrium").expect("an analysis");
    let result = analyze(&game, info, &Config::default(), &Control::new(&stop));
    let details = result.expect("a result").details;
    let equilibria = details["equilibria"].as_array().expect("a list");
    assert_eq!(equilibria.len(), 1);
    let profile = &equilibria[0]["behavior_profile"];
    assert_eq!(profile["Row_silent"]["false"], 1.0, "{profile}");
    assert_eq!(profile["Column_silent"]["false"], 1.0, "{profile}");
}
