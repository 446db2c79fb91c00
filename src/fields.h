/* The hyperparameters: one row each. The rows make the members of rnn_config,
 * its defaults and ranges, the metadata of a checkpoint, the controls of the
 * page and the options of the command line.
 *
 *   X(kind, name, default, minimum, maximum, unit, group, live, choices, help)
 *
 * kind     INTEGER and CHOICE and FLAG are uint32_t, REAL is double
 * live     1: may change while a model trains; 0: needs a new model
 * choices  names separated by |, in the order of their values */
#ifndef RNN_FIELDS_H
#define RNN_FIELDS_H

#include "cells/table.h"
#include "optimizers/table.h"

enum { RNN_MAX_SKIP = 32 };

/* Whether there are encoders, which read a sequence before another is written.
 * The modules that must be small are built without. */
#ifndef RNN_SEQ2SEQ
#define RNN_SEQ2SEQ 1
#endif

#define RNN_CHOICE_NAME(name) #name "|"

#define RNN_FIELDS(X)                                                            \
  X(CHOICE, task, 0, 0, 0, "", "task", 0, "language-model",                      \
    "What is learned: to predict the next symbol of a text.")                    \
  X(INTEGER, vocabulary, 2, 1, 65535, "symbols", "task", 0, "",                  \
    "Number of different symbols that can be read and written.")                 \
  X(CHOICE, input, 0, 0, 0, "", "network", 0, "one-hot|embedding|vector",        \
    "What a step reads: a symbol, its learned vector, or numbers.")              \
  X(INTEGER, input_size, 32, 1, 1024, "numbers", "network", 0, "",               \
    "Numbers of an embedding, or of an input that is a vector.")                 \
  X(FLAG, freeze_embedding, 0, 0, 1, "", "network", 1, "",                       \
    "Leave the embedding as it is, and train all else.")                         \
  X(CHOICE, cell, RNN_CELL_lstm, 0, 0, "", "network", 0,                         \
    RNN_CELLS(RNN_CHOICE_NAME),                                                  \
    "The recurrent cell: how the state of a step follows from the last one.")    \
  X(CHOICE, activation, 0, 0, 0, "", "network", 0,                               \
    "tanh|relu|sigmoid|identity", "Nonlinearity of the vanilla cell.")           \
  X(CHOICE, candidate, 0, 0, 0, "", "network", 0, "tanh|sigmoid",                \
    "LSTM: nonlinearity of what is proposed to be written.")                     \
  X(FLAG, peephole, 0, 0, 1, "", "network", 0, "",                               \
    "LSTM: let the gates see the cell state, unit by unit.")                     \
  X(FLAG, layer_norm, 0, 0, 1, "", "network", 0, "",                             \
    "Vanilla, LSTM, GRU: normalise what enters a gate, over all units.")         \
  X(CHOICE, reset, 0, 0, 0, "", "network", 0, "after|before",                    \
    "GRU: the reset gate acts after or before the matrix product.")              \
  X(INTEGER, hidden, 128, 1, 2048, "units", "network", 0, "",                    \
    "Units in each layer: the numbers that the network remembers with.")         \
  X(INTEGER, layers, 1, 1, 8, "layers", "network", 0, "",                        \
    "Recurrent layers, each reading the states of the one below.")               \
  X(FLAG, bidirectional, 0, 0, 1, "", "network", 0, "",                          \
    "Read sequences in both directions, with weights for each.")                 \
  X(INTEGER, skip, 0, 0, RNN_MAX_SKIP, "steps", "network", 0, "",                \
    "See the state of so many steps before too, carried like the last; 0: "      \
    "no.")                                                                       \
  X(FLAG, residual, 0, 0, 1, "", "network", 0, "",                               \
    "Add what a layer reads to what it says, where both are of the same "        \
    "size.")                                                                     \
  X(REAL, dropout, 0, 0, 0.95, "", "network", 0, "",                             \
    "Share of the numbers between two layers that are left out in training.")    \
  X(CHOICE, dropout_mask, 0, 0, 0, "", "network", 0, "step|sequence",            \
    "Leave out others at each step, or the same along a sequence.")              \
  X(REAL, forget_bias, 1, -10, 10, "", "network", 0, "",                         \
    "LSTM, minLSTM: where the forget gate's bias starts; 1 lets it keep at "     \
    "first.")                                                                    \
  X(CHOICE, initialization, 0, 0, 0, "", "network", 0,                           \
    "uniform|xavier|he|orthogonal|identity|zeros|normal",                        \
    "How weights start; orthogonal and identity: those from state to state.")    \
  X(REAL, initial_deviation, 0.01, 1e-6, 10, "", "network", 0, "",               \
    "Normal: standard deviation of the weights.")                                \
  X(REAL, spectral_radius, 0, 0, 10, "", "network", 0, "",                       \
    "To which the first weights from state to state are scaled; 0: as they "     \
    "are.")                                                                      \
  X(CHOICE, pool, 0, 0, 0, "", "output", 0, "each|last|mean|max",                \
    "What the output sees: each step, the last one, or the mean or maximum.")    \
  X(INTEGER, head_layers, 0, 0, 4, "layers", "output", 0, "",                    \
    "Hidden layers (relu) between the recurrent layers and the output.")         \
  X(INTEGER, head_size, 64, 1, 2048, "units", "output", 0, "",                   \
    "Units in each of them.")                                                    \
  X(FLAG, tie, 0, 0, 1, "", "output", 0, "",                                     \
    "Let the output use the embedding's weights; input size and hidden are "     \
    "equal then.")                                                               \
  X(INTEGER, outputs, 0, 0, 65535, "numbers", "output", 0, "",                   \
    "Classes, labels or numbers that come out; 0: one for each symbol.")         \
  X(CHOICE, loss, 0, 0, 0, "", "output", 0, "cross-entropy|binary|squared",      \
    "One class of all, any of the labels, or numbers: what errors are "          \
    "measured by.")                                                              \
  X(REAL, label_smoothing, 0, 0, 0.99, "", "output", 1, "",                      \
    "Cross-entropy: share of the target that is spread over all classes.")       \
  X(INTEGER, batch, 32, 1, 1024, "sequences", "training", 0, "",                 \
    "Places in the text that are read at the same time.")                        \
  X(INTEGER, steps, 50, 1, 65536, "symbols", "training", 0, "",                  \
    "How far back errors are followed (truncated backpropagation).")             \
  X(FLAG, carry, 1, 0, 1, "", "training", 0, "",                                 \
    "Carry the state from one window of the text into the next.")                \
  X(INTEGER, reset_every, 0, 0, 1000000, "windows", "training", 1, "",           \
    "Forget the carried state after so many; 0: only at the end of the text.")   \
  X(INTEGER, accumulate, 1, 1, 1024, "windows", "training", 1, "",               \
    "Whose gradients together make one update, as of one larger batch.")         \
  X(FLAG, recompute, 0, 0, 1, "", "training", 0, "",                             \
    "Store every √T-th state only and compute the others again: less memory, " \
    "a third more work.")                                                        \
  X(INTEGER, seed, 1, 0, 4294967295, "", "training", 0, "",                      \
    "Where the random numbers start; the same seed repeats the same run.")       \
  X(CHOICE, optimizer, RNN_OPTIMIZER_adam, 0, 0, "", "optimizer", 0,             \
    RNN_OPTIMIZERS(RNN_CHOICE_NAME),                                             \
    "The rule that turns gradients into changes of the weights.")                \
  X(REAL, learning_rate, 0.002, 0, 100, "", "optimizer", 1, "",                  \
    "Size of each change of the weights.")                                       \
  X(CHOICE, schedule, 0, 0, 0, "", "optimizer", 1,                               \
    "constant|step|exponential|cosine|one-cycle|plateau",                        \
    "How the learning rate changes as training goes on.")                        \
  X(INTEGER, warmup, 0, 0, 1000000000, "iterations", "optimizer", 1, "",         \
    "Over which the learning rate rises at first; one-cycle: 0 is 30 % of "      \
    "it.")                                                                       \
  X(INTEGER, schedule_steps, 1000, 1, 1000000000, "iterations", "optimizer",     \
    1, "",                                                                       \
    "From step to step, to the end of the cosine or cycle, or of each mean "     \
    "loss "                                                                      \
    "that may show a plateau.")                                                  \
  X(REAL, schedule_factor, 0.1, 1e-9, 1, "", "optimizer", 1, "",                 \
    "By which the rate falls in a step or on a plateau, where the cosine "       \
    "ends "                                                                      \
    "and one-cycle starts.")                                                     \
  X(INTEGER, schedule_patience, 10, 0, 1000000, "mean losses", "optimizer", 1,   \
    "", "Plateau: without a better one, before the rate falls.")                 \
  X(REAL, momentum, 0, 0, 0.999, "", "optimizer", 1, "",                         \
    "SGD and RMSProp: share of the last change that is kept.")                   \
  X(REAL, decay, 0.99, 0, 0.999999, "", "optimizer", 1, "",                      \
    "RMSProp: how long squared gradients are remembered.")                       \
  X(REAL, beta1, 0.9, 0, 0.999999, "", "optimizer", 1, "",                       \
    "Adam: how long gradients are remembered.")                                  \
  X(REAL, beta2, 0.999, 0, 0.999999, "", "optimizer", 1, "",                     \
    "Adam: how long squared gradients are remembered.")                          \
  X(REAL, epsilon, 1e-8, 1e-30, 1, "", "optimizer", 1, "",                       \
    "Adagrad, RMSProp, Adam: keeps the division away from zero.")                \
  X(FLAG, nesterov, 0, 0, 1, "", "optimizer", 1, "",                             \
    "SGD: look ahead, and go by the gradient plus the momentum it leads to.")    \
  X(REAL, weight_decay, 0, 0, 1, "", "optimizer", 1, "",                         \
    "How strongly all weights and biases are drawn towards zero.")               \
  X(CHOICE, decay_kind, 0, 0, 0, "", "optimizer", 1, "l2|decoupled",             \
    "Weight decay: a part of the gradient, or apart from it (Adam: AdamW).")     \
  X(REAL, l1, 0, 0, 1, "", "optimizer", 1, "",                                   \
    "Drawn towards zero by the same step whatever their size: many become "      \
    "small.")                                                                    \
  X(CHOICE, clip, 1, 0, 0, "", "optimizer", 1, "none|norm|value",                \
    "What is limited: nothing, the gradient's length, or each of its "           \
    "numbers.")                                                                  \
  X(REAL, clip_at, 5, 1e-6, 1e6, "", "optimizer", 1, "",                         \
    "The limit of clipping.")                                                    \
  RNN_SOURCE_FIELDS(X)

#if RNN_SEQ2SEQ
#define RNN_SOURCE_FIELDS(X)                                                   \
  X(INTEGER, source_steps, 0, 0, 4096, "symbols", "source", 0, "",             \
    "Most of a source, which an encoder reads before anything is written; 0: " \
    "no encoder.")                                                             \
  X(INTEGER, source_vocabulary, 2, 1, 65535, "symbols", "source", 0, "",       \
    "Number of different symbols of a source.")                                \
  X(INTEGER, source_size, 0, 0, 1024, "numbers", "source", 0, "",              \
    "Numbers in each step of a source that is vectors; 0: it is symbols.")     \
  X(INTEGER, source_hidden, 0, 0, 2048, "units", "source", 0, "",              \
    "Units in each layer of the encoder; 0: as many as hidden.")               \
  X(FLAG, source_bidirectional, 0, 0, 1, "", "source", 0, "",                  \
    "Read the source in both directions, with weights for each.")              \
  X(CHOICE, context, 0, 0, 0, "", "source", 0, "initial|each",                 \
    "Where the end of the source enters: the first state, or each step as "    \
    "well.")                                                                   \
  X(CHOICE, attention, 0, 0, 0, "", "source", 0,                               \
    "none|additive|multiplicative",                                            \
    "Look at all of the source in each step: before it (Bahdanau) or after "   \
    "it "                                                                      \
    "(Luong).")                                                                \
  X(INTEGER, attention_size, 32, 1, 1024, "units", "source", 0, "",            \
    "Additive attention: units that compare a state with the source.")         \
  X(REAL, teacher_forcing, 1, 0, 1, "", "source", 1, "",                       \
    "Share of the inputs in training that are the truth, not what the "        \
    "network "                                                                 \
    "itself says.")
#else
#define RNN_SOURCE_FIELDS(X)
#endif

/* Values of choices that other files ask for, in their order above. */
enum { RNN_ONE_HOT, RNN_EMBEDDING, RNN_VECTOR };      /* input */
enum { RNN_TANH, RNN_RELU, RNN_SIGMOID, RNN_LINEAR }; /* activation */
enum {
  RNN_UNIFORM,
  RNN_XAVIER,
  RNN_HE,
  RNN_ORTHOGONAL,
  RNN_IDENTITY,
  RNN_ZEROS,
  RNN_NORMAL
};                                                   /* initialization */
enum { RNN_L2, RNN_DECOUPLED };                      /* decay_kind */
enum { RNN_EACH, RNN_LAST, RNN_MEAN, RNN_MAX };      /* pool */
enum { RNN_CROSS_ENTROPY, RNN_BINARY, RNN_SQUARED }; /* loss */
enum { RNN_INITIAL, RNN_EACH_STEP };                 /* context */
enum { RNN_NO_ATTENTION, RNN_ADDITIVE, RNN_MULTIPLICATIVE }; /* attention */

#endif
