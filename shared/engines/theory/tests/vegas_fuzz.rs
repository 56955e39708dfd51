//! Mutated Vegas programs: each is a game or a positioned error, never a panic; and what has a tree or a diagram can be lowered.

use rookery_theory::{Game, Limits, parse, vegas};

const MUTANTS: usize = 12_000;

const SEEDS: [&str; 3] = [
    include_str!("../games/prisoners-dilemma.vg"),
    "type door = {1..3} macro same(a: door, b: door): bool = a == b;
     game main() { random Host; join Guest() $ 3; commit Host(prize: door ~ weighted { 1: 2, 2: 1 });
     yield or split Guest(pick: door) where Guest.pick != 4 || true;
     yield Host(opened: door) where alldiff(Host.opened, Guest.pick) && !same(Host.opened, Host.prize);
     yield Guest(switch: bool) || null; reveal Host(prize: door); sample (late: bool);
     withdraw Guest.switch != null && (Guest.pick == Host.prize <-!-> Guest.switch)
       ? let x: int = 3 in { Guest -> x; burn 0 } : { Guest -> Sample.late ? abs(0 - 1) : 3 % 2 } }",
    "type n = {0, 2, 5} game main() { join A(x: n) $ 5 B() $ 5; commit or burn A(y: n) where A.y >= A.x;
     yield B(z: bool) where A.x < 5 || A.x != 0 ? { A -> 9 } : { A -> 5 + A.x; burn 1 }; reveal A(y: n) || { B -> 10 };
     withdraw (B.z) ? ({ A -> A.x; B -> 10 - A.x }) : A.y / 2 > 1 ? { A -> 3 B -> 7 } : { A -> -1 * -3; B -> let! q: int = 7 in q } }",
];

struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as usize % bound
    }
}

/// The words of a program, white space kept with them.
fn words(text: &str) -> Vec<&str> {
    text.split_inclusive(|c: char| !c.is_alphanumeric() && c != '.' && c != '_')
        .collect()
}

#[test]
fn mutants_never_panic() {
    let mut random = Random(0x9e37_79b9_7f4a_7c15);
    let pool: Vec<&str> = SEEDS.iter().flat_map(|seed| words(seed)).collect();
    let (mut games, mut trees, mut diagrams) = (0, 0, 0);
    for mutant in 0..MUTANTS {
        let mut text = words(SEEDS[mutant % SEEDS.len()]);
        for _ in 0..=random.below(3) {
            let at = random.below(text.len());
            let other = pool[random.below(pool.len())];
            match random.below(5) {
                0 if text.len() > 1 => drop(text.remove(at)),
                1 => text.insert(at, other),
                2 => text.insert(at, text[random.below(text.len())]),
                3 => text.truncate(at.max(1)),
                _ => text[at] = other,
            }
        }
        match parse("mutant.vg", text.concat().as_bytes(), &Limits::default()) {
            Ok(Game::Vegas(game)) => {
                games += 1;
                let tree = vegas::to_extensive(&game);
                assert_eq!(
                    tree.as_ref().err().map(ToString::to_string),
                    game.tree_blocker
                );
                trees += usize::from(tree.is_ok());
                let diagram = vegas::to_maid(&game);
                assert_eq!(
                    diagram.as_ref().err().map(ToString::to_string),
                    game.diagram_blocker
                );
                diagrams += usize::from(diagram.is_ok());
            }
            Ok(other) => panic!("not a program: {other:?}"),
            Err(error) => assert!(error.line >= 1 && error.column >= 1 && !error.what.is_empty()),
        }
    }
    // Enough mutants get through for the later stages to be tried.
    assert!(games > MUTANTS / 50, "{games} games");
    assert!(
        trees > MUTANTS / 50 && diagrams > MUTANTS / 100,
        "{trees} trees, {diagrams} diagrams"
    );
}
