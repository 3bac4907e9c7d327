"""Text, trees and facts: one module, lowered from nothing but its own text."""
