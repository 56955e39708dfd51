//! What is answered to insults, threats, riddles and whatever else comes over a counter.

pub(super) const INSULT: &str = r#"| That was uncalled for, {you}.
| Words like that cost you more than me.
| I have been called worse, and by better.
close | From you, {you}, that hurts. What did I do?
sadness | Go on, then. It is that kind of day anyway.
anger | Say that again. Slowly. I dare you.
fear | Please, {you}. There is no need for that.
warm | Now, now, {you}. In here we speak decently, or we speak outside.
warm inn | I've thrown out bigger mouths than yours, {you}, and before breakfast. Mind your tongue.
gruff | Watch it.
gruff watch | One more like that and you cool off in the cell.
lyrical | How poor a rhyme, {you}. I have heard frogs do better.
learned | An argument against the person. The weakest kind.
courtly | You forget where you are, and before whom.
sly | Careful, {you}. I have a long memory and many friends.
plain | That wasn't nice.
young | You're mean!
pious | I shall pray that your day improves, {you}."#;

pub(super) const THREAT: &str = r#"| Think well about your next word, {you}.
| I do not frighten as easily as that.
| There are people here who would mind, {you}. Some of them are behind you.
fear | Stay where you are! Help, somebody!
anger | Try it. I have waited all day for somebody like you.
close | You? I do not believe that of you, {you}. Put it away.
warm inn | Put that away, {you}, before somebody gets hurt. There's a cudgel under this counter, and it isn't for decoration.
gruff watch | Weapon down. I say it once.
gruff | Bad idea.
lyrical | A dramatic line, {you}, but the scene does not need it.
learned | I would advise against it, for reasons that you would learn only too late.
courtly | Guards are within call, {you}. I need only raise a finger.
sly | We can surely talk about this, {you}. What would you take to walk away?
young | I'll tell on you!
pious | Even now you can turn back, {you}."#;

pub(super) const RIDDLE: &str = r#"| You use strange words, {you}. I am {me}, and I only know what a {role} knows.
| I did not follow that at all. Is it a spell?
| That is above my head, {you}. Ask me something about this world.
warm | You've had a long road, {you}, you talk in riddles. Sit down, {me} gets you something.
warm inn | Whatever it is you mean, {you}, we don't serve it here.
gruff | Talk sense.
gruff watch | I take orders from my captain, and you aren't him.
lyrical | What a curious incantation! It does not even scan, {you}.
learned | The words I know; in this order they mean nothing to me.
courtly | One does not speak to us in this fashion.
sly | Nice try, {you}. Whatever you are selling, I sell it dearer.
plain | I don't know what you mean by that. I'm just {me}.
young | You talk funny!
pious | I answer to one voice only, {you}, and it is not that one."#;

pub(super) const STATEMENT: &str = r#"| So that is how it is with {topic}. I will keep it in mind.
| {Topic}, you say? I did not know that.
| I hear you, {you}.
| Is that so. Good that you tell me.
| I shall remember that, {you}.
known | Good that you tell me about {topic}, {you}.
close | You know that such things are safe with me, {you}.
joy | Ha! {Topic}! You could tell me anything today and I would like it.
sadness | {Topic}. I listen, {you}, even if I look away.
anger | {Topic}. As if this day needed that as well.
fear | {Topic}? Say that more quietly.
surprise | {Topic}! Does this day never end?
warm | Well, I never. {Topic}! What one doesn't hear.
warm | Is that so, {you}? Then tell me the rest as well.
warm inn | {Topic}, {you}? That calls for {goods}.
gruff | {Topic}. Hm.
gruff | Noted.
lyrical | {Topic}: there sleeps a song in it, {you}.
learned | {Topic}? Fascinating. I make a note of it.
learned | That agrees with what I suspected, {you}.
courtly | {Topic}. We take note of it, {you}.
sly | {Topic}, you say. And who else knows of it?
sly market | {Topic}! Somebody will pay for that, {you}. Perhaps me.
plain | {Topic}, eh. Fancy that.
young | Wow, {topic}! Really?
pious | {Topic}. Nothing happens without a reason."#;

pub(super) const QUESTION: &str = r#"| A good question, {you}. I wish I knew.
| Hm. Give me a day to think about that one.
| About {topic} I know too little to answer you honestly.
| {Topic}? Ask me again when I have thought about it.
| That I cannot say, {you}. I am a {role}, not an oracle.
| What I can tell you is this: {fact}. The rest I do not know.
close | To you I would tell it, {you}, if I knew.
joy | Ask me something harder! No, wait, that was hard.
anger | How should I know? Ask somebody with time.
fear | It is better not to ask that here.
warm | Oh, {you}, if I knew that, I'd be rich and bored.
warm inn | {Topic}? My guests have ten opinions on it, and none of them pays for the answer.
gruff | Don't know. Don't ask.
gruff watch | {Topic}? Not on my list, {you}.
lyrical | {Topic}! The poets have quarrelled over it for less.
learned | On {topic} opinions differ. I incline to doubt.
learned | The honest answer is: it depends, {you}. On what, I am still finding out.
courtly | We are not at liberty to speak of {topic}.
sly | {Topic}? I might know something. What do you know?
plain | {Topic}? I couldn't say, {you}.
young | I don't know! Do you?
pious | Some answers are not for us, {you}."#;

pub(super) const SILENCE: &str = r#"| You say nothing. That is all right too.
| Take your time, {you}.
| Did you want to say something?
warm | Cat got your tongue, {you}? Sit. It'll come.
gruff | Well?
lyrical | Silence: the rest between two notes.
learned | An eloquent pause. Please continue.
courtly | You may speak.
sly | The silent ones always want the most.
plain | Yes, {you}?
young | Hello-o?
pious | One may also be silent together."#;
