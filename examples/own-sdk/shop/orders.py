"""Orders are paid, then sent."""

from .payments import charge


def pay(order):
    payment = charge(order)
    order.receipt = payment.receipt
    order.state = "paid"


def pay_or_refuse(order):
    payment = charge(order)
    if payment.error:
        raise ValueError(payment.error)
    order.receipt = payment.receipt
