variable "region" {
  description = "AWS region, the infra stack's."
  type        = string
  default     = "ap-southeast-2"

  validation {
    condition     = can(regex("^[a-z]{2}(-[a-z]+)+-[0-9]$", var.region))
    error_message = "region is an AWS region such as ap-southeast-2."
  }
}

variable "prefix" {
  description = "The infra stack's prefix, by which its parts are found."
  type        = string
  default     = "orders-dev"
}

variable "registry_name" {
  description = "The infra stack's registry."
  type        = string
  default     = "customer"
}

variable "images" {
  description = "Image → what follows the repository's URL: @sha256:<digest>, or :<tag>."
  type        = map(string)

  validation {
    condition     = length(setsubtract(["order-producer", "order-consumer", "orders"], keys(var.images))) == 0
    error_message = "images has order-producer, order-consumer and orders."
  }

  validation {
    condition     = alltrue([for reference in values(var.images) : can(regex("^(@sha256:[0-9a-f]{64}|:[A-Za-z0-9._-]+)$", reference))])
    error_message = "images are @sha256:<64 hex digits> or :<tag>."
  }
}

variable "domain_name" {
  description = "Name under which orders are posted, such as orders.dev.example.com."
  type        = string
}

variable "hosted_zone_id" {
  description = "Public Route 53 zone of that name."
  type        = string
}

variable "execute_command" {
  description = "Allow ECS Exec into the services, which makes their root file systems writable."
  type        = bool
  default     = false
}

variable "to_enable_trigger" {
  description = "Start five generators every minute."
  type        = bool
  default     = false
}
