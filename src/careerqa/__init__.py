"""Answers career questions from documents, in verbatim, cited quotes.

From the doors down; each package uses those below it:

    cli, api             two thin doors; `terminal` is what the first one says
    evaluation, fitting  how good the answers are, and the numbers fitted for that
    comparison           titles side by side
    service              CareerQA: ask, rebuild, status
    answering            hits → quotes → an answer or an abstention, and where sources disagree
    retrieval            question → ranked hits, and how probable it is that they answer
    indexing             corpus → a generation of the index, and the index opened
    expansion            questions that a statement answers
    conversation         a follow-up question made standalone
    llm, grounding       a language model's words, and whether the quotes carry them
    figures              amounts with their role, level, measure and source
    models               texts → vectors and scores
    documents            files → documents → units
"""

__version__ = "0.1.0"
