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
  description = "Image → what follows the repository's URL: @sha256:<digest>, or :<tag>. The first apply names order-producer, order-consumer, orders and with metrics collector; what a later one does not name stays what runs."
  type        = map(string)
  default     = {}
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
  description = "Allow ECS Exec into the services, which makes their root file systems writable. It wants the endpoint ssmmessages, which the infra stack has with access = true."
  type        = bool
  default     = false
}

variable "to_enable_trigger" {
  description = "Start five generators every minute."
  type        = bool
  default     = false
}

variable "metrics" {
  description = "Send metrics to the infra stack's workspace, which has to have been made with this variable; images then has collector."
  type        = bool
  default     = false
}
