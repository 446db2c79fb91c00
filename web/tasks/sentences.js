/**
 * Patterns of English sentences. @ stands for a first name, {where} for one of the phrases of that kind, {does} for each of what can
 * be done. All other words are no names, although many could be: whether one is, its neighbours tell, and mostly those that follow.
 */

/** Phrases by kind. @type {Readonly<Record<string, readonly string[]>>} */
export const PHRASES = {
  where: ['in the garden', 'at the station', 'by the river', 'in the kitchen', 'near the old bridge', 'at school', 'behind the house', 'on the train', 'in the library', 'at the market', 'in the park', 'at work', 'on the beach', 'in town'],
  when: ['yesterday', 'last night', 'this morning', 'on Monday', 'after lunch', 'before noon', 'last week', 'at midnight', 'two days ago', 'again', 'in the evening', 'every year'],
  soon: ['tomorrow', 'next week', 'tonight', 'on Friday', 'this afternoon', 'in an hour'],
  what: ['a letter', 'the keys', 'an apple', 'the newspaper', 'two tickets', 'a red coat', 'the piano', 'a blue car', 'some bread', 'an old map', 'the camera', 'a new hat'],
  who: ['my sister', 'the teacher', 'our neighbour', 'the children', 'a friend', 'the doctor', 'everyone', 'nobody', 'his brother', 'their mother', 'the postman'],
  met: ['met', 'saw', 'called', 'visited', 'helped', 'thanked', 'followed', 'remembered', 'found', 'invited', 'heard'],
  took: ['took', 'bought', 'lost', 'wanted', 'sold', 'found', 'carried', 'forgot', 'brought', 'liked', 'needed', 'hid'],
  did: ['sang', 'laughed', 'slept', 'waited', 'danced', 'smiled', 'cried', 'worked', 'swam', 'left', 'arrived', 'fell', 'stayed'],
  go: ['come', 'go', 'stay', 'wait', 'sing', 'help', 'leave', 'work'],
}

/** What may come before a statement. */
export const OPENERS = ['Today', 'We know that', 'In the end', 'I think that', 'They say that', 'Of course', 'At first', 'Then', 'Everyone knows that', 'Sometimes', 'It is true that', 'Perhaps']

/** Whatever someone can do. */
export const DOES = [
  '{met} @ {where}', '{met} {who} {when}', '{did} {where}', '{did} {when}', '{took} {what} {when}', '{took} {what} {where}', 'was late {when}', 'was {where}', 'had {what} for a week', 'did not like {what}',
  'did not see {who} {when}', 'cooked dinner for {who}', 'wrote to @ {when}', 'gave {what} to @', 'told {who} about @', 'asked {who} for {what}', 'knew every song', 'never {did} {where}', 'always {took} {what}', 'often {met} @',
  'said nothing', 'broke {what}', 'painted the fence {when}', 'baked a cake for @', 'drove {who} home', 'opened the door and {did}', 'sat down {where}', 'stood {where} and {did}', 'won the race {when}', 'could not find {what}',
]

/** With a name in each. */
export const NAMING = [
  '@ {does}.', '@ and @ {did} {when}.', '@ and {who} {did} {where}.', '@, who lives {where}, {does}.', '@ from next door {does}.', '@ in the blue shirt {does}.', 'My friend @ {does}.', '{who} said that @ {does}.', 'When @ {did}, {who} {does}.',
  'Nobody but @ {does}.', 'Only @ {does}.', 'If @ comes, {who} will {go} {soon}.', '@ will {go} {where} {soon}.', '@ may {go} {soon}.', '@ wants to {go} {where}.', '@ is {where}.', '@ is my best friend.', '@ is taller than @.', '@ has lost {what}.', '@ has a dog.',
  '@ plays {where} {soon}.', '@ lives near {who}.', '@ speaks three languages.', '@ grew up {where}.', '@ turned seven {when}.', '@ knows @.', '@ likes {what}.', '@ reads {where} every evening.', '@ drives to work with @.',
  '{who} {met} @ {when}.', '{who} {met} @ {where}.', '{who} and @ {did} {when}.', '{who} gave {what} to @.', '{who} {took} {what} from @.', '{who} {did} and @ {did}.', 'Dear @, thank you for {what}!', 'Hello @, have you seen {who}?', '@, look at {what}!', '@, wait for @!',
  '@, did you see {who}?', 'Is @ {where}?', 'Did @ {go} {when}?', 'Where did @ go {when}?', 'Has @ seen {what}?', 'This is @.', 'My name is @.', 'Please call @ {soon}!', 'Come here, @!', 'Do not wait for @!', 'The house belongs to @.', 'The book by @ was good.',
  'Because @ {did}, {who} {did}.', 'Her name was @, not @.', 'Both @ and @ {met} {who}.', 'Tell @ that {who} {did}!', 'With @ everything is fun.', 'Without @ {who} {did} {where}.', 'Ask @ or @ for {what}!',
]

/**
 * Of words that are first names elsewhere, sentences in which they are none: ~ stands for the word.
 * @type {readonly { words: readonly string[], patterns: readonly string[] }[]}
 */
export const ORDINARY = [
  { words: ['Rose', 'Olive', 'Ivy', 'Lily', 'Daisy', 'Violet', 'Holly', 'Heather', 'Poppy', 'Iris', 'Fern', 'Hazel', 'Willow', 'Myrtle', 'Jasmine'], patterns: [
    '~ leaves are green in winter.', '~ leaves fell {when}.', '~ bushes grow {where}.', '~ plants need a lot of sun.', '~ roots go deep.', '~ oil is good for {who}.', '~ flowers were {where}.', '~ seeds are small.', 'The ~ grows {where}.', 'A ~ stood {where}.', '@ {took} the ~.',
    '{who} planted a ~ {when}.', '~ branches broke {when}.', '~ and grass grow {where}.', '~ gardens are quiet {when}.',
  ] },
  { words: ['Hope', 'Faith', 'Joy', 'Grace', 'Patience', 'Harmony', 'Chance', 'Art', 'Melody', 'Mercy', 'Charity', 'Honor'], patterns: [
    '~ is not enough for {who}.', '~ is hard to find.', '~ is a good thing.', '~ alone helps nobody.', '~ comes first.', '~ gives people strength.', '~ and beauty are different things.', 'There is ~ for {who}.', '{who} lost ~ {when}.', 'With ~ @ {did}.', 'Without ~ {who} {did}.', '~ made @ happy.', '~ was all that {who} needed.',
    '~ brought @ to {who}.', '~ filled the room when @ {did}.',
  ] },
  { words: ['May', 'June', 'April'], patterns: [
    '~ was cold and wet.', '~ was dry this year.', '~ is a good month for walks.', '~ nights are short.', '~ flowers grow {where}.', '~ weather is good for {who}.', '@ was born in ~.', 'School ends in ~ for @.', 'In ~ {who} {did}.', '{who} {did} in ~ {when}.', '~ is the month of strawberries.',
  ] },
  { words: ['Florence', 'Georgia', 'Virginia', 'Jordan', 'Dallas', 'Austin', 'Carolina'], patterns: [
    '~ is a warm place.', '~ is south of here.', '~ is far from the sea.', '~ has many museums.', '~ has few rivers.', 'Flights to ~ are cheap {soon}.', '@ moved to ~ {when}.', '@ flew to ~ {when}.', 'The streets of ~ are narrow.', 'Hotels in ~ are full {soon}.', 'Roads in ~ are good.', '~ weather is good for {who}.',
  ] },
  { words: ['Mark', 'Bill', 'Grant', 'Chase', 'Sue', 'Page', 'Pat', 'Rob'], patterns: [
    '~ the customer {soon}!', '~ the dog!', '~ me {soon}!', '~ us {when}!', '~ them at once!', '~ @ {soon}!', '~ your friends!', '~ {what}!', 'They will ~ {who} {soon}.', 'You cannot ~ @ for that.', 'We ~ {who} {when}.', 'Please ~ {who}!', 'Do not ~ @!', 'Never ~ {what}!',
  ] },
  { words: ['Mark', 'Bill', 'Grant', 'Chase', 'Page', 'Price', 'Penny', 'Cliff', 'Ray', 'Lane', 'Case', 'Hunter', 'Major', 'Storm', 'Forest'], patterns: [
    'The ~ was {where}.', 'The ~ was too high.', 'A ~ was on the table.', '{who} {took} the ~.', '@ {took} a ~ {when}.', 'Every ~ counts.', '@ looked at the ~ and {did}.', 'The ~ of {who} is new.', 'One ~ was left.',
  ] },
  { words: ['Frank', 'Rich', 'Early', 'Merry'], patterns: [
    '~ people {did} {where}.', '~ people own {what}.', '~ answers are rare.', '~ words can hurt.', '~ talk helped @.', '{who} was ~ {when}.', 'The ~ and the poor {did}.', '@ is too ~ for {who}.', '~ colours filled the room.',
  ] },
  { words: ['Robin', 'Martin', 'Drake', 'Wren', 'Jay'], patterns: [
    '~ eggs are blue.', '~ nests are well hidden.', '~ feathers were {where}.', 'A ~ sang {where}.', 'The ~ flew away {when}.', '@ fed a ~ {where}.', '{who} saw a ~ {when}.', '~ song filled the room.',
  ] },
  { words: ['Ruby', 'Pearl', 'Amber', 'Crystal', 'Jewel'], patterns: [
    '~ rings are expensive.', '~ earrings were {where}.', '~ red is a warm colour.', '~ light fell through the door.', 'A ~ was in the shell.', 'The ~ was not real.', '@ wore a ~ necklace.', '{who} sold the ~ {when}.', '@ {took} the ~ ring.',
  ] },
  { words: ['Will', 'May'], patterns: [
    '~ it rain {soon}?', '~ you {go} {soon}?', '~ we {go} {where}?', '~ @ {go} {soon}?', '~ {who} {go} {where}?', '~ the train be late?', 'It ~ rain {soon}.', 'They ~ {go} {soon}.', 'Nobody ~ see {what} {soon}.', 'You ~ take {what}.', '~ the best team win!', '~ they {go} {soon}?', '~ I {go} {soon}?',
  ] },
  { words: ['Dawn'], patterns: [
    '~ came too early for @.', '~ is the best time to walk.', '~ light fell through the window.', 'Before ~ {who} {did}.', 'At ~ @ {did}.', '~ breaks over the sea.',
  ] },
]
