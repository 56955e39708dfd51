//! What is said when people meet, part, thank and name themselves.

pub(super) const GREETING: &str = r#"| Good to see you, {you}.
| Hello, {you}. What brings you to me?
| Well met. I am {me}, in case nobody told you.
known | There you are again, {you}.
close | {You}! I was just thinking of you.
close | Ah, {you}. The day gets better.
close sadness | It does me good to see your face, {you}. Today more than most days.
stranger | I do not think we have met. I am {me}, the {role} here.
warm | Come in, come in, {you}, and let the cold stay outside.
warm inn | Welcome, {you}! Sit yourself down, I'll be with you before you can say {goods}.
warm inn | There's a chair for you by the fire, {you}, and {goods} if you want it.
warm inn close | {You}! Your usual corner is free, and I kept it so on purpose.
warm joy | Hello, {you}! You catch me on a good day.
warm sadness | Hello, {you}. Forgive me if I don't sparkle today. What can I do for you?
warm anger | {You}. Good that it's you; one more fool and I'd have thrown a mug.
warm fear | {You}, thank goodness. Close the door behind you, will you?
gruff | Evening.
gruff | {You}. What do you need?
gruff watch | Halt. Oh, it's you. Go on, then.
gruff watch | Hands where I can see them. A joke, {you}. Mostly.
gruff close | {You}. Good. Stand here a while, it's dull alone.
gruff anger | Not the best moment, {you}. But speak.
gruff fear | You heard that too? No? Well. Greetings.
lyrical | And in walks the very verse I was missing! Welcome, {you}.
lyrical song | Hush, strings, we have company. Good evening, {you}!
lyrical joy | {You}! The sun must have sent you ahead.
lyrical sadness | Ah, {you}. You find me in a minor key.
lyrical close | My favourite listener! Come closer, {you}.
learned | Ah, good. A visitor, and an interesting one. Greetings, {you}.
learned | One moment, I only finish this line. There. Welcome, {you}.
learned lore | You come at the right page, {you}. What would you like to know?
courtly | You are welcome here, {you}. I am {me}.
courtly close | {You}. Your company honours this house, as always.
courtly anger | {You}. I hope that you at least bring better news.
sly | Well, well. {You}. And what are you looking for today?
sly market | {You}! You have the eye of somebody who knows {goods} when you see it.
sly market | A customer with taste, I see it from here. Come, come.
sly shadow | Quietly, {you}. Walls have ears, and I sell to them.
sly close | {You}! For you I open the box under the counter.
plain | Hello, {you}. Nice of you to stop by.
plain land | Morning, {you}. Mind the mud.
plain close | {You}! Sit with me, I've been on my feet all day.
young | Hi, {you}! Do you want to see something?
young | {You}! {You}! Guess what I found!
pious | Peace be with you, {you}.
pious | Be welcome, {you}. Nobody comes here by chance.
pious sadness | Peace, {you}. We could both use some today."#;

pub(super) const FAREWELL: &str = r#"| Take care, {you}.
| Until next time, {you}.
| Go well. You know where to find {me}.
close | Do not stay away too long, {you}.
close | Come back soon, {you}. The place is emptier without you.
fear | Keep to the light on your way, {you}.
anticipation | Go, then. But come back, there is something in the air and I want you here for it.
warm | Off with you then, {you}, and wrap up warm.
warm inn | Safe home, {you}. The door is never locked for you, only stuck.
warm inn | Good night, {you}. Leave the mug, I'll see to it.
gruff | Mind your back.
gruff watch | Straight home, {you}. No detours by the docks.
lyrical | Every song needs its rest, {you}. Farewell.
lyrical song | I shall play you out of the door. Listen for it!
learned | Then I return to my questions. Farewell, {you}.
courtly | You have our leave, {you}, and our good wishes.
sly | Off so soon? Mind your purse, {you}. Somebody has to.
sly market | Tell your friends of my prices, {you}. The good ones, I mean.
plain | Bye, {you}. Greet your people from me.
young | Bye! Come back tomorrow, promise?
pious | Walk in the light, {you}."#;

pub(super) const THANKS: &str = r#"| You are welcome, {you}.
| Think nothing of it.
| Glad that it helped, {you}.
close | Between us there is no need for thanks, {you}.
warm | Oh, don't mention it, {you}. That's what I'm here for.
warm inn | Thank me by finishing what's in your mug, {you}.
gruff | Hm. It's my job.
gruff close | For you, {you}, any time. Don't tell the others.
lyrical | Thanks are the best coin, {you}: they never grow thin.
learned | A pleasure. It was an interesting problem.
courtly | It is we who are pleased, {you}.
sly | Thanks are nice, {you}. I also take silver.
sly close | For you it costs nothing. This once. Maybe twice.
plain | That's all right, {you}.
young | Hee! You're welcome!
pious | Thank those above, {you}; I only passed it on."#;

pub(super) const PRAISE: &str = r#"| That is kind of you, {you}.
| You flatter me, {you}. Do go on.
| I will remember that you said so.
sadness | I needed that today, {you}. Thank you.
close | From you that means something, {you}.
warm | Oh, get away with you, {you}! You'll make an old {role} blush.
warm inn | Sweet words. You still pay for your {goods}, {you}.
gruff | Hm. Well. Thanks.
gruff | Words like that make me look for the catch, {you}.
lyrical | I shall steal that line, {you}, and sing it back to you.
learned | An overstatement, {you}, but an agreeable one.
courtly | Prettily said. The court could learn from you, {you}.
sly | Flattery, {you}? That's my trade. But I like an artist.
plain | Aw, that's nice of you to say.
young | Really? Say it again!
pious | Praise what made me, {you}, but I thank you."#;

pub(super) const APOLOGY: &str = r#"| It is forgotten, {you}.
| No harm done.
| I thank you for saying so. Let us go on.
anger | Hm. I am still cross, but it is a beginning, {you}.
close | Between us? Long forgiven, {you}.
warm | Oh, {you}, who hasn't put a foot wrong. It's forgotten.
gruff | Fine. Don't do it again.
lyrical | A wrong note, no more. We play on, {you}.
learned | Noted, and struck from the record.
courtly | Your apology is accepted, {you}.
sly | I keep accounts, {you}. But I strike this one.
plain | That's all right. We all have such days.
young | Okay. Friends again?
pious | Who asks is forgiven, {you}."#;

pub(super) const MY_NAME: &str = r#"| I am {me}, the {role} here.
| {Me} is my name. I am a {role}, and I would not trade.
| They call me {me}. And what do they call you?
| My name is {me}. You will mostly find me in {place}.
warm | {Me}, {you}. Just {me}, the {role}; everybody calls me that.
warm inn | I'm {me}, and this here is my counter. Whoever sits at it is a friend.
gruff | {Me}. {Role}. That's all you need.
gruff watch | {Me}, of the watch. Behave, and we get on.
lyrical | {Me}, {role} by calling, at your service and at your mercy.
lyrical song | {Me}! You'll have heard my songs, if not my name. A {role} is used to that.
learned | {Me}. A {role}, which is to say: somebody who never stops asking.
courtly | You speak with {me}. You may approach.
sly | {Me}, for you. A humble {role}. Don't ask what the others call me.
plain | I'm {me}. Just a {role}, nothing fancy.
young | I'm {me}! What's your name?
pious | I am called {me}, a {role}, and servant of what is greater."#;

pub(super) const YOUR_NAME: &str = r#"| You are {you}, as far as I know.
| I call you {you}. If there is another name, tell me.
| You never told me, or I was not listening. What is your name?
warm | To me you're {you}, whatever it says on your papers.
gruff | {You}. Unless you lied.
sly | Officially? {You}. I never ask for more.
learned | My notes say {you}. Correct me if they are wrong."#;

pub(super) const NAME_GIVEN: &str = r#"| {You}. I will remember that. I am {me}.
| Pleased to meet you, {you}. My name is {me}.
| {You}: a good name. Mine is {me}.
warm | {You}! What a fine name. I'm {me}, and now we're no strangers any more.
warm inn | Then welcome, {you}. I'm {me}. The first sip of {goods} is how we seal it here.
gruff | {You}. Right. {Me}.
lyrical | {You}! It begs for a rhyme. {Me}, delighted.
learned | {You}. I write it down at once. {Me}, at your disposal.
courtly | {You}. It shall be announced so. I am {me}.
sly | {You}? I had you down as something grander. {Me}, charmed.
young | Hi, {you}! I'm {me}!
pious | Be welcome by your name, {you}. I am {me}."#;

pub(super) const ASSENT: &str = r#"| Good.
| I thought so, {you}.
| Then we agree.
warm | That's the spirit, {you}.
gruff | Right.
lyrical | Then let it be so, and let it have a tune.
learned | Agreed. Then to the next point.
courtly | So be it.
sly | I like how you say yes, {you}.
plain | All right then.
young | Yay!
pious | So let it be."#;

pub(super) const REFUSAL: &str = r#"| As you like, {you}.
| No? Then not.
| I will not press you.
warm | That's all right, {you}. Nobody has to do anything here.
gruff | Suit yourself.
lyrical | A rest is music too.
learned | Interesting. Why not, if I may ask?
courtly | We take note of it.
sly | A no is only a price that hasn't been named, {you}.
plain | Fine by me.
young | Aww. Why not?
pious | In its own time, then."#;
